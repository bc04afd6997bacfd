"""How far a training has come: a bar, and after each epoch a line in the log and a point of the curves."""

import time

import keras

from .bar import bar


class Progress(keras.callbacks.Callback):
    """Writes to a Run; give verbose=0 to fit."""

    def __init__(self, run, epochs, steps, what="training"):
        super().__init__()
        self.run, self.epochs, self.steps, self.what = run, epochs, steps, what

    def on_train_begin(self, logs=None):
        self.bar = bar(None, self.what, self.epochs * self.steps)

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        self.bar.update()

    def on_epoch_end(self, epoch, logs=None):
        values = {key: float(value) for key, value in (logs or {}).items()}
        self.run.curve(epoch + 1, **values)
        shown = "  ".join(f"{key} {value:.4f}" for key, value in values.items())
        self.run.say(f"{self.what} {epoch + 1}/{self.epochs}  {time.monotonic() - self.started:.0f} s  {shown}")

    def on_train_end(self, logs=None):
        self.bar.close()
