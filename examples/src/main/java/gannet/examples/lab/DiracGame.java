package gannet.examples.lab;

import gannet.gan.Batch;
import gannet.gan.Objective;
import gannet.kernel.Kernels;
import gannet.nn.Layer;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// The smallest GAN there is, the Dirac-GAN of Mescheder et al. 2018, §2: all real samples are 0, all fakes are θ, and D(x) = ψx, all in double.
/// Its vector field `v(θ, ψ) = (−∂L_G/∂θ, −∂L_D/∂ψ)` comes from Gannet's losses, penalties and gradients; the equilibrium is (0, 0).
/// D is high on real samples here and on fakes there, which mirrors ψ.
record DiracGame(Kernels kernels, Objective objective) {
    /// θ or ψ as a tensor to differentiate by, `[1,1]`.
    private Tensor at(double value) {
        return Tensor.of(kernels, Shape.of(1, 1), value);
    }

    private static Layer discriminator(Tensor psi) {
        return x -> x.times(psi);
    }

    private Tensor generatorLoss(Tensor theta, Tensor psi) {
        return objective.generator(discriminator(psi), Batch.of(theta), () -> Batch.of(at(0)));
    }

    private Tensor discriminatorLoss(Tensor theta, Tensor psi) {
        return objective.discriminator(discriminator(psi), Batch.of(at(0)), Batch.of(theta)).loss();
    }

    /// `−∂L_G/∂θ`
    double slopeOfG(double theta, double psi) {
        Tensor t = at(theta), p = at(psi);
        return -Gradients.of(generatorLoss(t, p), t).get(t).item();
    }

    /// `−∂L_D/∂ψ`
    double slopeOfD(double theta, double psi) {
        Tensor t = at(theta), p = at(psi);
        return -Gradients.of(discriminatorLoss(t, p), p).get(p).item();
    }

    /// The Jacobian of v, by gradients of gradients: `∂v_θ/∂θ, ∂v_θ/∂ψ, ∂v_ψ/∂θ, ∂v_ψ/∂ψ`.
    double[] jacobian(double theta, double psi) {
        Tensor t = at(theta), p = at(psi);
        Tensor nothing = t.plus(p).times(0); // a field that doesn't depend on both is differentiated by both all the same
        Gradients ofG = Gradients.of(Gradients.differentiable(generatorLoss(t, p), t).negate().plus(nothing).sum(), t, p);
        Gradients ofD = Gradients.of(Gradients.differentiable(discriminatorLoss(t, p), p).negate().plus(nothing).sum(), t, p);
        return new double[] {ofG.get(t).item(), ofG.get(p).item(), ofD.get(t).item(), ofD.get(p).item()};
    }

    /// The eigenvalues of the 2×2 matrix `a b / c d`, as real part and imaginary part of the one and of the other.
    static double[] eigenvalues(double[] abcd) {
        double half = (abcd[0] + abcd[3]) / 2, discriminant = half * half - (abcd[0] * abcd[3] - abcd[1] * abcd[2]);
        double root = Math.sqrt(Math.abs(discriminant));
        return discriminant < 0 ? new double[] {half, root, half, -root} : new double[] {half + root, 0, half - root, 0};
    }

    /// A course of gradient descent from (1, 1), `[steps + 1, 2]`: both at once or, alternating, D first and G with the new ψ. ψ is kept within ±clip.
    double[][] course(int steps, double rate, boolean alternating, double clip) {
        double[][] course = new double[steps + 1][];
        double theta = 1, psi = 1;
        course[0] = new double[] {theta, psi};
        for (int i = 1; i <= steps; i++) {
            double next = Math.clamp(psi + rate * slopeOfD(theta, psi), -clip, clip);
            theta += rate * slopeOfG(theta, alternating ? next : psi);
            psi = next;
            course[i] = new double[] {theta, psi};
        }
        return course;
    }
}
