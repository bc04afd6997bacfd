"""Distillation (Hinton et al. 2015): a small network learns from what a large one thinks of every window, not from the label
alone."""

import keras
import tensorflow as tf

TEMPERATURE, FROM_TEACHER = 3.0, 0.7


class Distilled(keras.Model):
    """`student` for all but the loss: FROM_TEACHER of it is the teacher's softened opinion, the rest the labels'."""

    def __init__(self, student, teacher):
        super().__init__(student.inputs, student.outputs)
        teacher.trainable = False
        self.teacher = teacher

    def train_step(self, data):
        windows, labels = data
        opinion = self._soft(self.teacher(windows, training=False))
        with tf.GradientTape() as tape:
            scores = self(windows, training=True)
            own = self.compute_loss(windows, labels, scores)
            taught = tf.reduce_mean(keras.losses.kl_divergence(opinion, self._soft(scores))) * TEMPERATURE**2
            loss = (1 - FROM_TEACHER) * own + FROM_TEACHER * taught
        weights = [weight for weight in self.trainable_variables if weight is not None]
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return {"loss": loss, **self.compute_metrics(windows, labels, scores)}

    @staticmethod
    def _soft(scores):
        """Softmax at TEMPERATURE of the logits behind softmax scores: they differ from log(scores) by a constant alone."""
        return tf.nn.softmax(tf.math.log(scores + 1e-7) / TEMPERATURE)
