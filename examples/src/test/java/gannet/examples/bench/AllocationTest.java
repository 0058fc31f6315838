package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import gannet.gan.GanTrainer;
import gannet.kernel.Activation;
import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.ConvShape;
import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Reduction;
import gannet.kernel.ScalarKernels;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import gannet.kernel.Unary;
import gannet.nn.ActivationLayer;
import gannet.nn.Images;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// A training step in its steady state leaves at most a kilobyte an operation on the heap, whatever the batch: results, gradients and slots
/// come from the workspace again, and what is left are the small objects of the graph.
class AllocationTest {
    private static final int WARM_UP = 3, STEPS = 5, BYTES_AN_OPERATION = 1024;
    /// The JIT takes small objects off the heap as it goes, so two runs differ by some per cent; memory that grew with the batch would be four times as much.
    private static final double SAME = 1.25;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Every kind of layer that the cases have, small.
    private static StepCases.Gan small(Kernels kernels, boolean batchNorm) {
        var layers = Layers.dcgan(kernels, 1);
        var leaky = ActivationLayer.leakyRelu(0.2);
        Network g = Network.of("generator", layers.denseUnbiased(8, 36), new Images.ToImage(3, 3, 4), layers.batchNorm(4),
                ActivationLayer.RELU, layers.convTranspose(4, 2, 4, 2, 1), ActivationLayer.TANH);
        Network d = batchNorm
                ? Network.of("discriminator", layers.convUnbiased(2, 4, 4, 2, 1), layers.batchNorm(4), leaky, new Images.Flatten(3, 3, 4),
                        layers.dense(36, 1))
                : Network.of("discriminator", layers.conv(2, 4, 4, 2, 1), leaky, new Images.Flatten(3, 3, 4), layers.dense(36, 1));
        return new StepCases.Gan(g, d, Shape.of(6, 6, 2), Shape.of(8));
    }

    @Test void aDcganStep() {
        check("dcgan", (kernels, batch) -> StepCases.shared(kernels, batch, k -> small(k, true)));
    }

    @Test void aMultilayerPerceptronStep() {
        Function<Kernels, StepCases.Gan> build = kernels -> {
            var layers = Layers.fanIn(kernels, 1);
            return new StepCases.Gan(Network.of("generator", layers.dense(8, 16), ActivationLayer.TANH),
                    Network.of("discriminator", layers.dense(16, 8), ActivationLayer.RELU, layers.dense(8, 1)), Shape.of(16), Shape.of(8));
        };
        check("mlp", (kernels, batch) -> StepCases.shared(kernels, batch, build));
    }

    @Test void aStepWithAGradientPenalty() {
        check("wgan-gp", (kernels, batch) -> StepCases.wassersteinWithPenalty(kernels, batch, k -> small(k, false)));
    }

    private void check(String name, BiFunction<Kernels, Integer, GanTrainer> trainer) {
        long few = bytesPerStep(trainer.apply(new ScalarKernels(), 16)), many = bytesPerStep(trainer.apply(new ScalarKernels(), 64));
        var counting = new Counting();
        GanTrainer counted = trainer.apply(counting, 16);
        counting.operations = 0;
        counted.step();
        assertTrue(few <= (long) BYTES_AN_OPERATION * counting.operations,
                name + ": " + few + " bytes a step of " + counting.operations + " operations, needed: at most " + BYTES_AN_OPERATION + " each");
        assertTrue(many <= few * SAME, name + ": " + few + " bytes a step at batch 16, " + many + " at batch 64, four times the elements");
    }

    /// The least of several steps: what the JVM adds for its own ends, now and then, is not the step's.
    private long bytesPerStep(GanTrainer trainer) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < WARM_UP + STEPS; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            trainer.step();
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            if (i >= WARM_UP) least = Math.min(least, bytes);
        }
        return least;
    }

    /// Counts the kernels that are called from outside; those that a fused one is made of are not counted again.
    private static final class Counting extends ScalarKernels {
        private int operations, depth;

        private void one(Runnable kernel) {
            if (depth++ == 0) operations++;
            kernel.run();
            depth--;
        }

        @Override public void map(Unary f, Storage x, Storage y) {
            one(() -> super.map(f, x, y));
        }

        @Override public void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y) {
            one(() -> super.zip(f, a, everyA, b, everyB, y));
        }

        @Override public void select(Comparison c, Storage l, Storage r, Storage a, Storage b, Storage y) {
            one(() -> super.select(c, l, r, a, b, y));
        }

        @Override public void reduce(Reduction r, int outer, int axis, int inner, Storage x, Storage y) {
            one(() -> super.reduce(r, outer, axis, inner, x, y));
        }

        @Override public void copy(StridedCopy c, Storage x, Storage y) {
            one(() -> super.copy(c, x, y));
        }

        @Override public void matmul(MatrixShape s, Storage a, Storage b, Storage c) {
            one(() -> super.matmul(s, a, b, c));
        }

        @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
            one(() -> super.conv(s, x, w, y));
        }

        @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
            one(() -> super.convInput(s, y, w, x));
        }

        @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
            one(() -> super.convWeight(s, x, y, w));
        }

        @Override public void random(Distribution d, long seed, int use, int draw, Storage step, Storage y) {
            one(() -> super.random(d, seed, use, draw, step, y));
        }

        @Override public void linear(MatrixShape s, Storage a, Storage b, Storage bias, Activation act, Storage c) {
            one(() -> super.linear(s, a, b, bias, act, c));
        }

        @Override public void convBias(ConvShape s, Storage x, Storage w, Storage bias, Activation act, Storage y) {
            one(() -> super.convBias(s, x, w, bias, act, y));
        }

        @Override public void convInputBias(ConvShape s, Storage y, Storage w, Storage bias, Activation act, Storage x) {
            one(() -> super.convInputBias(s, y, w, bias, act, x));
        }

        @Override public void batchNorm(int rows, double epsilon, Activation act, Storage x, Storage gamma, Storage beta, Storage mean,
                                        Storage variance, Storage inverse, Storage y) {
            one(() -> super.batchNorm(rows, epsilon, act, x, gamma, beta, mean, variance, inverse, y));
        }

        @Override public void batchNormGradient(int rows, Activation act, Storage x, Storage y, Storage dy, Storage gamma, Storage mean,
                                                Storage inverse, Storage dx, Storage dgamma, Storage dbeta) {
            one(() -> super.batchNormGradient(rows, act, x, y, dy, gamma, mean, inverse, dx, dgamma, dbeta));
        }

        @Override public void check(double limit, Storage x, Storage flag) {
            one(() -> super.check(limit, x, flag));
        }

        @Override public void adam(double beta1, double beta2, double epsilon, Storage rate, Storage correction1, Storage correction2,
                                   Storage flag, Storage g, Storage w, Storage m, Storage v) {
            one(() -> super.adam(beta1, beta2, epsilon, rate, correction1, correction2, flag, g, w, m, v));
        }
    }
}
