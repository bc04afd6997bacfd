"""python -m unittest discover models/training/tests: the arithmetic of compression, on small networks."""

import unittest

import keras
import numpy as np
import tensorflow as tf

from cricket_train.compress.folding import folded
from cricket_train.compress.pruning import Prune, zeros
from cricket_train.compress.quantize_aware import aware
from cricket_train.keyword.network import Architecture, BatchNorm, build, to_float32, to_int8
from cricket_train.quiet import quietly

SMALL = {
    "plain": Architecture((8, 3, 0, 1, 1), ((8, 2, 3), (12, 2, 3))),
    "separable": Architecture((6, 5, 5, 2, 2), ((8, 1, 3), (12, 2, 3)), True),
}


def network(architecture):
    """A network whose normalizations do something, and windows for it."""
    generator = np.random.default_rng(3)
    keras.utils.set_random_seed(3)
    model = build(architecture, 20, 16, 4)
    for layer in model.layers:
        if isinstance(layer, BatchNorm):
            size = layer.gamma.shape
            drawn = [generator.normal(1, 0.2, size), *generator.normal(0, 0.3, (2, *size)), generator.uniform(0.5, 2, size)]
            layer.set_weights(drawn)
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([6 * kernel, bias])  # scores that tell windows apart
    levels = generator.uniform(-90, 90, (64, 1, 16)) + generator.normal(0, 30, (64, 20, 16))
    windows = np.clip(levels, -128, 127).astype(np.int8)
    return model, windows


def floats(model, windows):
    return (windows / 64).astype(np.float32).reshape(-1, *model.input_shape[1:])


def tensors(tflite, windows, wanted):
    """{name: (values [windows, ...], step)} of the outputs of operators, by their places in the file."""
    interpreter = tf.lite.Interpreter(
        model_content=tflite,
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True,
    )
    interpreter.allocate_tensors()
    given, operators = interpreter.get_input_details()[0], interpreter._get_ops_details()
    places = {name: interpreter._get_tensor_details(operators[at]["outputs"][0], 0) for name, at in wanted.items()}
    values = {name: [] for name in places}
    for window in windows:
        interpreter.set_tensor(given["index"], window.reshape(given["shape"]))
        interpreter.invoke()
        for name, tensor in places.items():
            scale, zero = tensor["quantization"]
            values[name].append((interpreter.get_tensor(tensor["index"])[0].astype(float) - zero) * scale)
    return {name: (np.array(values[name]), tensor["quantization"][0]) for name, tensor in places.items()}


class Compression(unittest.TestCase):
    def test_folding_keeps_the_function(self):
        for name, architecture in SMALL.items():
            model, windows = network(architecture)
            plain = folded(model)
            self.assertFalse(any(isinstance(layer, BatchNorm) for layer in plain.layers), name)
            given = floats(model, windows)
            apart = np.abs(np.array(model(given)) - np.array(plain(given))).max()
            self.assertLess(apart, 1e-5, name)

    def test_rounding_network_does_what_the_int8_file_does(self):
        """The stem's output is the file's but for a few values at the edge of a step."""
        model, windows = network(SMALL["plain"])
        plain, rounding = aware(model, floats(model, windows))
        with quietly():
            file = tensors(to_int8(plain, windows), windows, {"stem": 0})
        behind = dict(zip(file, [layer.name for layer in plain.layers if isinstance(layer, keras.layers.ReLU)], strict=False))
        step = {name: spacing for name, (_, spacing) in file.items()}
        off = {"rounding": {}, "float": {}}
        for name, (values, _) in file.items():
            layers = {"rounding": rounding.get_layer(f"{behind[name]}_int8"), "float": plain.get_layer(behind[name])}
            for kind, layer in layers.items():
                own = rounding if kind == "rounding" else plain
                seen = np.array(keras.Model(own.inputs, layer.output)(floats(model, windows)))
                off[kind][name] = np.abs(seen.reshape(values.shape) - values).mean() / step[name]
        for name in file:
            self.assertLess(off["rounding"][name], 0.02, name)
            self.assertGreater(off["float"][name], 0.05, name)

    def test_gradients_pass_the_rounding(self):
        for name, architecture in SMALL.items():
            model, windows = network(architecture)
            _, rounding = aware(model, floats(model, windows))
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(rounding(floats(model, windows))[:, 0])
            gradients = tape.gradient(loss, rounding.trainable_variables)
            self.assertTrue(all(gradient is not None for gradient in gradients), name)

    def test_pruning_reaches_its_share_and_keeps_it_in_the_file(self):
        for share in (0.5, 0.75):
            model, windows = network(SMALL["plain"])
            steps = 10
            model.compile("adam", "sparse_categorical_crossentropy")
            given, labels = floats(model, windows), np.arange(64) % 4
            model.fit(given[:40], labels[:40], batch_size=4, epochs=1, callbacks=[Prune(share, steps)], verbose=0)
            pruned = [layer.kernel.numpy() for layer in model.layers if layer.name.startswith("conv2d")]
            self.assertGreater(len(pruned), 3)
            for kernel in pruned:
                self.assertAlmostEqual(float((kernel == 0).mean()), share, delta=0.02)
            with quietly():
                small, whole = to_int8(model, windows), to_float32(model)
            for made in (small, whole):  # the stem and the last layer stay whole
                self.assertGreater(zeros(made), 0.6 * share)


if __name__ == "__main__":
    unittest.main()
