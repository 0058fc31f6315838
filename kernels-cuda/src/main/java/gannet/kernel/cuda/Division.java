package gannet.kernel.cuda;

/// Division of indices below 2³¹ by `divisor` as a multiplication and a shift, which `divide` of `division.cuh` carries out:
/// `i / divisor = i · magic / 2^(31 + shift)`, with `magic` an unsigned 32-bit number.
record Division(int divisor, int magic, int shift) {
    /// `shift = ⌈log₂ divisor⌉`, `magic = ⌈2^(31 + shift) / divisor⌉`. The rounding adds less than `divisor ≤ 2^shift` to `magic · divisor`, so less
    /// than `i / 2³¹ < 1` divisor-th to the quotient: never enough to reach the next whole number.
    static Division by(int divisor) {
        int shift = Integer.SIZE - Integer.numberOfLeadingZeros(divisor - 1);
        return new Division(divisor, (int) Math.ceilDiv(1L << 31 + shift, divisor), shift);
    }

    /// Appends `magic, shift`.
    Launch to(Launch launch) {
        return launch.with(magic).with(shift);
    }
}
