"""Magnitude pruning: the smallest weights of each convolution but the stem's and the depthwise ones go to zero and stay there, more and more of them by
the cubic schedule of Zhu & Gupta (2017), while training goes on.

The kernel has no sparse format: zeros take the same flash, arena and time as any other weight. What they save is bytes of
a compressed download."""

import keras
import numpy as np
from tensorflow.lite.tools import flatbuffer_utils

FLOAT32 = 0  # schema's TensorType
CUTS = 30  # until the share is reached


class Prune(keras.callbacks.Callback):
    """Reaches `share` of zeros after `over` of `steps`; the rest of them heals."""

    def __init__(self, share, steps, over=0.6):
        super().__init__()
        self.share, self.until, self.step = share, max(1, int(steps * over)), 0
        self.every = max(1, self.until // CUTS)

    def set_model(self, model):
        super().set_model(model)
        pruned = [layer for layer in model.layers if type(layer) is keras.layers.Conv2D and layer.name != "stem"]
        self.kernels = [layer.kernel for layer in pruned]
        self.masks = [np.ones(kernel.shape, np.float32) for kernel in self.kernels]

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.step == self.until or (self.step < self.until and self.step % self.every == 0):
            gone = self.share * (1 - (1 - self.step / self.until) ** 3)
            self.masks = [self._mask(kernel.numpy(), gone) for kernel in self.kernels]
        for kernel, mask in zip(self.kernels, self.masks, strict=True):
            kernel.assign(kernel * mask)

    @staticmethod
    def _mask(kernel, gone):
        sizes = np.abs(kernel)
        return (sizes > np.quantile(sizes, gone)).astype(np.float32)


def zeros(tflite):
    """Share of the weights of a .tflite's convolutions and dense layers that are 0."""
    graph = flatbuffer_utils.convert_bytearray_to_object(bytearray(tflite))
    kinds = {flatbuffer_utils.opcode_to_name(graph, index): index for index in range(len(graph.operatorCodes))}
    kinds = {kinds[name] for name in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED") if name in kinds}
    tensors = graph.subgraphs[0].tensors
    weights = [tensors[operator.inputs[1]] for operator in graph.subgraphs[0].operators if operator.opcodeIndex in kinds]
    arrays = [
        np.frombuffer(bytes(graph.buffers[tensor.buffer].data), np.float32 if tensor.type == FLOAT32 else np.int8)
        for tensor in weights
    ]
    return float(sum((array == 0).sum() for array in arrays) / sum(array.size for array in arrays))
