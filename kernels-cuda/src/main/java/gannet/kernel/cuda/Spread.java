package gannet.kernel.cuda;

/// How an operand of [Elementwise#zip] is spread over the result: element `(i / every) mod length` for result i. The kind says what the kernel may
/// make of that; see `elementwise.cu`.
record Spread(Kind kind, Division every, Division length) {
    /// The order is that of the kernel's codes.
    enum Kind { EQUAL, ONE, ROW, HELD, ANY }

    /// Of `operand` over a result of `results` elements.
    static Spread of(CudaStorage operand, int every, int results) {
        int length = operand.length();
        Kind kind = length == 1 ? Kind.ONE
                : every == 1 && length == results ? Kind.EQUAL
                : every == 1 && length % 4 == 0 && operand.aligned() ? Kind.ROW
                : every % 4 == 0 ? Kind.HELD : Kind.ANY;
        return new Spread(kind, Division.by(every), Division.by(length));
    }

    /// Appends what the kernel takes of it.
    Launch to(Launch launch) {
        return length.to(every.to(launch.with(kind.ordinal())).with(length.divisor()));
    }
}
