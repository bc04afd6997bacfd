"""What a device allows a model."""

from dataclasses import asdict, dataclass

# The keyword model runs 6.25 times a second beside the vibration models; at a quarter of a 160 MHz core, one instruction a
# cycle, that leaves 6.4 million instructions a run.
INSTRUCTIONS = 6_400_000


@dataclass(frozen=True)
class Budget:
    """Bytes of the .tflite, bytes of the arena, instructions of one inference on the Cortex-M4 and on rv32imc."""

    flash: int = 65_536
    arena: int = 24_576
    m4: int = INSTRUCTIONS
    rv32: int = INSTRUCTIONS

    def uses(self, cost):
        """Share of each allowance that a cost takes (1: all of it); what was not measured is left out."""
        counts = cost.get("instructions", {})
        taken = {"flash": cost["bytes"], "arena": cost["arena"], "m4": counts.get("mps2-an386"), "rv32": counts.get("riscv-virt")}
        allowed = asdict(self)
        return {key: value / allowed[key] for key, value in taken.items() if value is not None}

    def broken(self, cost):
        """What a cost takes too much of, in words; empty when it keeps the budget."""
        return ", ".join(f"{key} {100 * share:.1f} %" for key, share in self.uses(cost).items() if share > 1)
