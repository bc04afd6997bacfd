"""python -m unittest discover models/training/tests: intervals, the Pareto front, what a card keeps of an evaluation."""

import unittest

from cricket_train import evaluate
from cricket_train.interval import poisson_per_hour, wilson
from cricket_train.search.budget import Budget


class Figures(unittest.TestCase):
    def test_wilson(self):
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3
        for right, total, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)):
            for got, expected in zip(wilson(right, total), (low, high), strict=True):
                self.assertAlmostEqual(got, expected, places=4)

    def test_poisson(self):
        # half the 95 % point of chi squared with 2 (count + 1) degrees of freedom
        for count, bound in ((0, 2.9957), (1, 4.7439), (3, 7.7537), (10, 16.9622)):
            rate, upper = poisson_per_hour(count, 2.0)
            self.assertEqual(rate, count / 2)
            self.assertAlmostEqual(upper, bound / 2, places=3)

    def test_budget(self):
        cost = {"bytes": 65_536, "arena": 30_000, "instructions": {"mps2-an386": 1_000_000, "riscv-virt": 6_500_000}}
        self.assertEqual(Budget().broken(cost), "arena 122.1 %, rv32 101.6 %")
        self.assertEqual(Budget(arena=30_000, rv32=6_500_000).broken(cost), "")
        self.assertNotIn("rv32", Budget().uses({**cost, "instructions": {}}))

    def test_front(self):
        from cricket_train.search.pareto import front

        row = lambda trial, right, size, count: {  # noqa: E731
            "trial": trial,
            "balanced": right,
            "cost": {"bytes": size, "macs": 1, "instructions": {"riscv-virt": count}},
        }
        rows = [row(0, 0.9, 60, 6), row(1, 0.8, 60, 6), row(2, 0.8, 50, 6), row(3, 0.7, 60, 5), row(4, 0.9, 60, 6)]
        self.assertEqual([kept["trial"] for kept in front(rows)], [0, 2, 3, 4])

    def test_evaluations_of_several_folds_are_one(self):
        result = lambda label, speaker, verdict, heard: {"label": label, "speaker": speaker, "verdict": verdict, "heard": heard}  # noqa: E731
        one = {"results": [result("yes", "a", "right", "yes"), result("yes", "a", "wrong", "no")]}
        other = {"results": [result("tree", "b", "wrong", "three"), result("tree", "b", "right", "nothing"), result("silence", None, "right", "nothing")]}
        kept = evaluate.words(["silence", "unknown", "yes", "no", "three"], one, other)
        self.assertEqual(kept["files"], 5)
        self.assertEqual(kept["accuracy"], 3 / 5)
        self.assertEqual(kept["known"], {"files": 2, "right": 1, "wrong": 1, "unknown": 0})
        self.assertEqual(kept["others"], {"files": 2, "named": 1})
        self.assertEqual(kept["confusion"]["yes"], {"no": 1, "yes": 1})
        self.assertEqual(kept["speakers"]["count"], 2)


if __name__ == "__main__":
    unittest.main()
