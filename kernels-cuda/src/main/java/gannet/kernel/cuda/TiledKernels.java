package gannet.kernel.cuda;

import gannet.kernel.Activation;

/// What products and convolutions share: a kernel for each [Tile], and how their launches end.
final class TiledKernels {
    /// The slot of the scratch memory for the parts' copies of a result.
    private static final int SLOT = 0;

    private final Cuda cuda;
    private final Function sumParts;

    TiledKernels(Cuda cuda) {
        this.cuda = cuda;
        sumParts = cuda.function("product", "sum_parts");
    }

    /// The kernels of `source.cu` whose names begin so and end with the name of one of the `tiles`, by the tile's ordinal; those of aligned tiles at
    /// `precision`.
    Function[] functions(String source, String name, Precision precision, Tile... tiles) {
        var functions = new Function[Tile.values().length];
        for (Tile tile : tiles) {
            String ending = tile.aligned() && precision.tensorCores() ? "_" + precision : "";
            functions[tile.ordinal()] = cuda.function(source + ending, name + tile + ending);
        }
        return functions;
    }

    /// Gives `launch` the arguments that end each tiled kernel's list and launches it: `y[rows, columns] = act(product + bias)`, where columns that
    /// are |bias| apart share a bias. If the product comes in parts, or the tile's kernel doesn't know the activation, a second pass does the rest.
    void finish(Launch launch, Tiling tiling, CudaStorage bias, Activation act, int columns, CudaStorage y) {
        ActivationCode code = ActivationCode.of(act), none = ActivationCode.of(null);
        int length = y.length(), period = bias == null ? columns : bias.length();
        boolean second = tiling.parts() > 1 || curved(act) && !tiling.tile().curves();
        if (second) launch.to(null).with(period).with(none.code()).with(none.slope());
        else launch.to(bias).with(period).with(code.code()).with(code.slope());
        long copies = tiling.parts() > 1 ? cuda.scratch(SLOT, Math.multiplyExact(tiling.parts(), length)) : y.address(); // the kernels count in ints
        if (tiling.parts() > 1) launch.at(copies);
        else launch.to(y);
        launch.with(tiling.chunk()).with(length).over(tiling.blocks(), tiling.parts(), 1, tiling.tile().threads());
        if (second)
            cuda.launch(sumParts).with(tiling.parts()).with(length).with(columns).at(copies)
                    .to(bias).with(period).with(code.code()).with(code.slope()).to(y).over(Math.ceilDiv(length, 256), 256);
    }

    /// Whether `act` is too long for most tiles' kernels.
    private static boolean curved(Activation act) {
        return switch (act) {
            case null -> false;
            case Activation.Function f -> switch (f) {
                case RELU -> false;
                case TANH, SIGMOID -> true;
            };
            case Activation.Leaky _ -> false;
        };
    }
}
