package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.Activation;
import gannet.kernel.Binary;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarKernels;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import gannet.kernel.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// A case of a convolution runs the kernels of its forward and backward pass, each once and nothing else, in every call.
class KernelCasesTest {
    private static final KernelCases.Layer CONV = new KernelCases.Layer(false, 2, 6, 3, 4, 2, 1), SAME = new KernelCases.Layer(false, 2, 4, 3, 3, 1, 1),
            TRANSPOSED = new KernelCases.Layer(true, 3, 3, 2, 4, 2, 1);

    @Test void aConvolutionForward() {
        check(List.of("convBias"), new Logging(), CONV::forward);
        check(List.of("convInputBias"), new Logging(), TRANSPOSED::forward);
    }

    @Test void aConvolutionAndItsGradients() {
        check(List.of("convBias", "convInput", "convWeight"), new Logging(), CONV::forwardAndBackward);
        check(List.of("convBias", "convInput", "convWeight"), new Logging(), SAME::forwardAndBackward);
        check(List.of("convInputBias", "conv", "convWeight"), new Logging(), TRANSPOSED::forwardAndBackward);
    }

    private static void check(List<String> kernels, Logging log, Function<Kernels, Call> setUp) {
        Call call = setUp.apply(log);
        double first = call.run();
        assertEquals(kernels, log.calls);
        assertEquals(log.result(), first);
        log.calls.clear();
        assertEquals(first, call.run());
        assertEquals(kernels, log.calls);
    }

    /// Notes each convolution's name; an elementwise kernel would be noted too.
    private static final class Logging extends ScalarKernels {
        private final List<String> calls = new ArrayList<>();
        private final double[] last = new double[1];

        private double result() {
            return last[0];
        }

        private void note(String name, Storage result) {
            calls.add(name);
            read(result.slice(0, 1), last);
        }

        @Override public void convBias(ConvShape s, Storage x, Storage w, Storage bias, Activation act, Storage y) {
            super.conv(s, x, w, y);
            note("convBias", y);
        }

        @Override public void convInputBias(ConvShape s, Storage y, Storage w, Storage bias, Activation act, Storage x) {
            super.convInput(s, y, w, x);
            note("convInputBias", x);
        }

        @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
            super.conv(s, x, w, y);
            note("conv", y);
        }

        @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
            super.convInput(s, y, w, x);
            note("convInput", x);
        }

        @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
            super.convWeight(s, x, y, w);
            note("convWeight", w);
        }

        @Override public void map(Unary f, Storage x, Storage y) {
            calls.add("map");
            super.map(f, x, y);
        }

        @Override public void copy(StridedCopy c, Storage x, Storage y) {
            calls.add("copy");
            super.copy(c, x, y);
        }

        @Override public void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y) {
            calls.add("zip");
            super.zip(f, a, everyA, b, everyB, y);
        }
    }
}
