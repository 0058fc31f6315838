package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.Objective;
import gannet.gan.loss.Minimax;
import gannet.gan.penalty.R1;
import gannet.kernel.ReferenceKernels;
import org.junit.jupiter.api.Test;

/// The arithmetic under tables and verdicts.
class FiguresTest {
    @Test void numbers() {
        double[] values = {0, 8, 2500, 98.23456, 0.0301249, 1e-7, 1.23456e-9, 9.99e-5, 123456.7, -0.5, 1e9, 99999.5};
        String[] texts = {"0", "8", "2500", "98.23", "0.0301", "1e-7", "1.2e-9", "1e-4", "1.2e5", "-0.5", "1e9", "100000"};
        for (int i = 0; i < values.length; i++) assertEquals(texts[i], Table.number(values[i]), "of " + values[i]);
        assertEquals("–", Table.number(Double.NaN));
        assertEquals("-∞", Table.number(Double.NEGATIVE_INFINITY));
    }

    @Test void medians() {
        assertEquals(2, Outcome.median(3, 1, 2));
        assertEquals(2.5, Outcome.median(4, 1, 2, 3));
        assertTrue(Double.isNaN(Outcome.median(1, Double.NaN, 3)));
    }

    @Test void gaussian() {
        assertEquals(0.9750021048517795, Gaussian.below(1.96), 1e-15);
        assertEquals(1.959963984540054, Gaussian.quantile(0.975), 1e-13);
        assertEquals(0.24197072451914337, Gaussian.density(1, 0, 1), 1e-15);
    }

    @Test void eigenvalues() {
        assertArrayEquals(new double[] {0, 2, 0, -2}, DiracGame.eigenvalues(new double[] {0, 4, -1, 0}));
        assertArrayEquals(new double[] {3, 0, 1, 0}, DiracGame.eigenvalues(new double[] {2, 1, 1, 2}));
        var kernels = new ReferenceKernels();
        // −γ/2 ± √(γ²/4 − f′(0)²) with γ = 3, f′(0) = ½
        double[] r1 = DiracGame.eigenvalues(new DiracGame(kernels, Objective.of(new Minimax()).with(new R1(3))).jacobian(0, 0));
        assertArrayEquals(new double[] {-1.5 + Math.sqrt(2), 0, -1.5 - Math.sqrt(2), 0}, r1, 1e-12);
    }

    /// `|1 + hλ|² = 1 − hγ + h²f′(0)²`: R1's bound γ = h/4 to the digit.
    @Test void aStepWithR1GrowsBelowItsBoundOnly() {
        double h = 0.1;
        for (double share : new double[] {0.9, 1, 1.1}) {
            double[] roots = DiracGame.eigenvalues(new DiracGame(new ReferenceKernels(), Objective.of(new Minimax()).with(new R1(share * h / 4))).jacobian(0, 0));
            for (int i = 0; i < 4; i += 2)
                assertEquals((1 - share) * h * h / 4, Math.pow(1 + h * roots[i], 2) + Math.pow(h * roots[i + 1], 2) - 1, 1e-14, share + " of the bound");
        }
    }

    /// One step by hand: at (1, 1) σ(ψθ)ψ for G, −σ(ψθ)θ for D; alternating, G moves with the new ψ.
    @Test void firstStep() {
        var game = new DiracGame(new ReferenceKernels(), Objective.of(new Minimax()));
        double s = 1 / (1 + Math.exp(-1)), psi = 1 - 0.1 * s;
        assertArrayEquals(new double[] {1 + 0.1 * s, psi}, game.course(1, 0.1, false, Double.POSITIVE_INFINITY)[1], 1e-15);
        assertArrayEquals(new double[] {1 + 0.1 * psi / (1 + Math.exp(-psi)), psi}, game.course(1, 0.1, true, Double.POSITIVE_INFINITY)[1], 1e-15);
        assertEquals(0.5, game.course(1, 0.1, false, 0.5)[1][1]);
    }
}
