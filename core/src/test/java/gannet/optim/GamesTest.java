package gannet.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.ReferenceKernels;
import gannet.nn.Part;
import gannet.nn.Parts;
import gannet.nn.Weights;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// On the bilinear game `min_x max_y xy`, whose only equilibrium is 0: each method against its closed form.
class GamesTest {
    private static final double RATE = 0.1;

    private final ReferenceKernels kernels = new ReferenceKernels();

    private record One(Tensor w) implements Part<One> {
        @Override public One with(Parts parts) {
            return new One(parts.weight("w", w));
        }
    }

    private final class Game {
        final Weights<One> x = Weights.of("x", new One(Tensor.of(kernels, Shape.of(), 1))), y = Weights.of("y", new One(Tensor.of(kernels, Shape.of(), 0.5)));
        final Optimizer forX, forY;

        Game(Rule rule) {
            forX = new Optimizer(x, rule, RATE);
            forY = new Optimizer(y, rule, RATE);
        }

        void gather() {
            Tensor y0 = y.part().w.detach(), x0 = x.part().w.detach();
            forX.gather(List.of(() -> x.part().w.times(y0)));
            forY.gather(List.of(() -> y.part().w.times(x0).negate()));
        }

        void simultaneous() {
            gather();
            forX.commit();
            forY.commit();
        }

        void extragradient(Extragradient method) {
            gather();
            method.extrapolate();
            gather();
            method.update();
        }

        double x() {
            return x.part().w.item();
        }

        double y() {
            return y.part().w.item();
        }

        double radius() {
            return Math.hypot(x(), y());
        }
    }

    @Test void simultaneousDescentSpiralsOut() {
        var game = new Game(new Sgd(0));
        double start = game.radius();
        for (int t = 0; t < 500; t++) game.simultaneous();
        double expected = start * Math.pow(1 + RATE * RATE, 250);
        assertEquals(expected, game.radius(), 1e-10 * expected);
        assertTrue(game.radius() > 10 * start);
    }

    @Test void extragradientSpiralsIn() {
        var game = new Game(new Sgd(0));
        var method = new Extragradient(game.forX, game.forY);
        double start = game.radius();
        for (int t = 0; t < 1500; t++) game.extragradient(method);
        double each = Math.hypot(1 - RATE * RATE, RATE);
        assertEquals(start * Math.pow(each, 1500), game.radius(), 1e-12);
        assertTrue(game.radius() < 1e-3 * start, "radius " + game.radius());
    }

    @Test void optimisticDescentSpiralsIn() {
        var game = new Game(new Optimistic(new Sgd(0)));
        double start = game.radius(), x = game.x(), y = game.y(), lastX = 0, lastY = 0;
        for (int t = 0; t < 1500; t++) {
            double gx = y, gy = -x;
            x -= 2 * RATE * gx - RATE * lastX;
            y -= 2 * RATE * gy - RATE * lastY;
            lastX = gx;
            lastY = gy;
            game.simultaneous();
        }
        assertEquals(x, game.x(), 1e-13);
        assertEquals(y, game.y(), 1e-13);
        assertTrue(game.radius() < 1e-3 * start, "radius " + game.radius());
    }

    /// Daskalakis et al. 2018, Algorithm 1, on the game that plain Adam leaves.
    @Test void optimisticAdam() {
        double beta1 = 0.5, beta2 = 0.9, epsilon = 1e-8;
        var game = new Game(new Optimistic(new Adam(beta1, beta2, epsilon)));
        double[] w = {game.x(), game.y()}, m = new double[2], v = new double[2], last = new double[2];
        for (int t = 1; t <= 50; t++) {
            double[] g = {w[1], -w[0]};
            for (int i = 0; i < 2; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                double u = m[i] / (1 - Math.pow(beta1, t)) / (Math.sqrt(v[i] / (1 - Math.pow(beta2, t))) + epsilon);
                w[i] -= 2 * RATE * u - RATE * last[i];
                last[i] = u;
            }
            game.simultaneous();
            assertEquals(w[0], game.x(), 1e-12, "x after step " + t);
            assertEquals(w[1], game.y(), 1e-12, "y after step " + t);
        }
    }

    /// Gidel et al. 2019, Algorithm 4: the moments take in the gradient at the extrapolated point after the one before it.
    @Test void extraAdam() {
        double beta1 = 0.5, beta2 = 0.9, epsilon = 1e-8;
        var game = new Game(new Adam(beta1, beta2, epsilon));
        var method = new Extragradient(game.forX, game.forY);
        double[] w = {game.x(), game.y()}, m = new double[2], v = new double[2];
        for (int t = 1; t <= 40; t++) {
            double[] from = w.clone();
            for (int half = 2 * t - 1; half <= 2 * t; half++) {
                double[] g = {w[1], -w[0]};
                for (int i = 0; i < 2; i++) {
                    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                    w[i] = from[i] - RATE * m[i] / (1 - Math.pow(beta1, half)) / (Math.sqrt(v[i] / (1 - Math.pow(beta2, half))) + epsilon);
                }
            }
            game.extragradient(method);
            assertEquals(w[0], game.x(), 1e-11, "x after step " + t);
            assertEquals(w[1], game.y(), 1e-11, "y after step " + t);
        }
    }

    @Test void commitNeedsAGradient() {
        var game = new Game(new Sgd(0));
        game.simultaneous();
        var e = assertThrows(IllegalStateException.class, game.forX::commit);
        assertTrue(e.getMessage().contains("gather"), e.getMessage());
    }

    /// A refused step of a rule without a kernel of its own changes nothing either.
    @Test void refusedOptimisticStep() {
        var game = new Game(new Optimistic(Adam.PAPER));
        game.simultaneous();
        double x = game.x();
        game.forX.descend(game.x.part().w.times(Double.NaN));
        assertTrue(game.forX.refused());
        assertEquals(x, game.x());
    }
}
