package gannet.kernel.cuda;

import gannet.kernel.Activation;

/// An [Activation] as two launch arguments, `int act, float slope`: what `activate` and `activation_gradient` of `activation.cuh` take.
record ActivationCode(int code, float slope) {
    private static final ActivationCode NONE = new ActivationCode(0, 0), RELU = new ActivationCode(1, 0),
            TANH = new ActivationCode(3, 0), SIGMOID = new ActivationCode(4, 0);

    /// `act` may be null: the result is written as it is.
    static ActivationCode of(Activation act) {
        return switch (act) {
            case null -> NONE;
            case Activation.Function f -> switch (f) {
                case RELU -> RELU;
                case TANH -> TANH;
                case SIGMOID -> SIGMOID;
            };
            case Activation.Leaky leaky -> new ActivationCode(2, (float) leaky.slope());
        };
    }
}
