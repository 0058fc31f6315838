package gannet.benchmarks;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Losses;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Losses of logits with their gradients, as a training step has them: recorded operations in a workspace. At a batch's size the time is that of the graph.
///
/// `java -jar benchmarks/target/benchmarks.jar Loss -p backEnd=simd`
public class LossBenchmark extends KernelBenchmark {
    /// See [Losses].
    @Param({"modified-minimax", "hinge", "wasserstein"})
    public String loss;

    /// Logits of each kind: a batch's.
    @Param("64")
    public int logits;

    private GanLoss of;
    private Workspace workspace;
    private Tensor real, fake;

    @Override protected void prepare() {
        of = Losses.named(loss);
        workspace = new Workspace(kernels);
        real = Tensor.leaf(Shape.of(logits, 1), normal(logits));
        fake = Tensor.leaf(Shape.of(logits, 1), normal(logits));
    }

    /// D's loss and its gradients at both kinds of logits.
    @Benchmark public Object discriminator() {
        try (var _ = workspace.open()) {
            return Gradients.of(of.discriminator(real, fake), List.of(real, fake));
        }
    }

    /// G's loss and its gradient.
    @Benchmark public Object generator() {
        try (var _ = workspace.open()) {
            return Gradients.of(of.generator(() -> real, fake), List.of(fake));
        }
    }
}
