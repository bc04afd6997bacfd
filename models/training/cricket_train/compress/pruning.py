"""Magnitude pruning: the smallest weights of each convolution but the stem's and the depthwise ones go to zero and stay there, more and more of them by
the cubic schedule of Zhu & Gupta (2017), while training goes on.

The kernel has no sparse format: zeros take the same flash, arena and time as any other weight. What they save is bytes of
a compressed download."""

import keras
import numpy as np

EVERY = 25  # steps between two cuts


class Prune(keras.callbacks.Callback):
    """Reaches `share` of zeros after `over` of `steps`; the rest of them heals."""

    def __init__(self, share, steps, over=0.6):
        super().__init__()
        self.share, self.until, self.step = share, steps * over, 0

    def set_model(self, model):
        super().set_model(model)
        pruned = [layer for layer in model.layers if type(layer) is keras.layers.Conv2D and layer.name != "stem"]
        self.kernels = [layer.kernel for layer in pruned]
        self.masks = [np.ones(kernel.shape, np.float32) for kernel in self.kernels]

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        if self.step % EVERY == 0 and self.step <= self.until + EVERY:
            gone = self.share * (1 - (1 - min(1.0, self.step / self.until)) ** 3)
            self.masks = [self._mask(kernel.numpy(), gone) for kernel in self.kernels]
        for kernel, mask in zip(self.kernels, self.masks, strict=True):
            kernel.assign(kernel * mask)

    @staticmethod
    def _mask(kernel, gone):
        sizes = np.abs(kernel)
        return (sizes >= np.quantile(sizes, gone)).astype(np.float32)

