package gannet.gan.remedy;

import gannet.gan.Procedure;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.nn.Weights;
import gannet.tensor.Functions;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// A pool of earlier fakes, so that D does not forget what G once did; Shrivastava et al. 2017, §2.3, in the form of Zhu et al. 2017, §4: the first
/// fakes fill the pool and are passed on; then each new one, with probability ½, takes a random place there and the fake that was in it goes to D
/// instead. A batch larger than the pool passes through it in pieces. Within a piece the places differ: they follow one another, from a random one.
///
/// The pool belongs to the discriminator's turn: its change is staged and committed with D's own, so a turn that is refused leaves it as it was.
/// Where several batches make a step, all of them draw on the pool as it was before, and the last one's fakes enter it.
public final class ReplayPool implements Procedure.Replay {
    private final Randoms randoms;
    private final int size, width;
    private final State.OfTensor fakes, filled;

    /// Room for `size` samples of shape `sample` (50 in both papers' CycleGAN code); `discriminator` is whose turns change it.
    public ReplayPool(Weights<?> discriminator, Randoms randoms, int size, Shape sample) {
        if (size < 1 || size >= Draws.MOST) throw new IllegalArgumentException("a replay pool of " + size + ": it must hold at least 1 and fewer than 2^24 samples");
        this.randoms = randoms;
        this.size = size;
        this.width = sample.count();
        Shape all = Shape.of(size, width);
        this.fakes = state(discriminator, "fakes", all);
        this.filled = state(discriminator, "filled", Shape.of(1));
    }

    private State.OfTensor state(Weights<?> owner, String name, Shape shape) {
        var state = new State.OfTensor("replay." + name, Tensor.of(randoms.kernels(), shape, new double[shape.count()]));
        state.owner(owner);
        return state;
    }

    @Override public Tensor exchange(Tensor fake) {
        Shape s = fake.shape();
        int n = s.size(0);
        if (s.count() != n * width) throw new IllegalArgumentException("replay pool of samples of " + width + " numbers: it is given fakes " + s);
        return Tensor.unrecorded(() -> {
            Tensor rows = fake.reshape(n, width), pool = fakes.tensor(), count = filled.tensor();
            Tensor[] out = new Tensor[(n + size - 1) / size];
            for (int i = 0; i < out.length; i++) {
                var turn = turn(pool, count, rows.slice(0, i * size, Math.min(n, (i + 1) * size)));
                out[i] = turn.out;
                pool = turn.pool;
                count = turn.filled;
            }
            fakes.moveTowards(pool, 1);
            filled.moveTowards(count, 1);
            return (out.length == 1 ? out[0] : Functions.concat(0, out)).reshape(s.sizes());
        });
    }

    /// What goes to D, and what the pool is then.
    private record Turn(Tensor out, Tensor pool, Tensor filled) {}

    /// `pool[size,width], rows[b,width]`, b ≤ size. Everything is copied by number out of one table, the pool and below it the new rows, so that no
    /// sample changes in a bit.
    private Turn turn(Tensor pool, Tensor filled, Tensor rows) {
        Kernels k = randoms.kernels();
        int b = rows.shape().size(0);
        Tensor zero = Tensor.constant(k, 0), one = Tensor.constant(k, 1), half = Tensor.constant(k, 0.5), full = Tensor.constant(k, size);
        Tensor random = Draws.whole(randoms.uniform("replay place", Shape.of(1)), size);
        Tensor first = Tensor.select(Comparison.GREATER_EQUAL, filled, full, random, filled);
        Tensor beyond = first.plus(Draws.counting(k, 0, 1, Shape.of(b)));                                          // before going round
        Tensor place = Tensor.select(Comparison.GREATER_EQUAL, beyond, full, beyond.plus(-size), beyond);
        Tensor fills = Tensor.select(Comparison.GREATER, full, filled.plus(Draws.counting(k, 0, 1, Shape.of(b))), one, zero);
        Tensor coin = Tensor.select(Comparison.GREATER, half, randoms.uniform("replay", Shape.of(b)), one, zero);
        Tensor swaps = Tensor.select(Comparison.GREATER, fills, zero, zero, coin), enters = fills.plus(swaps);
        Tensor table = Functions.concat(0, pool, rows), own = Draws.counting(k, size, 1, Shape.of(b));
        Tensor out = Functions.gather(table, Tensor.select(Comparison.GREATER, swaps, zero, place, own));

        Tensor places = Draws.counting(k, 0, 1, Shape.of(size)), back = places.minus(first);
        Tensor row = Tensor.select(Comparison.GREATER_EQUAL, back, zero, back, back.plus(size));                   // which row comes to this place
        Tensor rowOrNone = row.minimum(Tensor.constant(k, b));
        Tensor entering = Functions.gather(enters.reshape(b, 1).pad(0, 0, 1), rowOrNone).reshape(size);
        Tensor next = Functions.gather(table, Tensor.select(Comparison.GREATER, entering, zero, row.plus(size), places));
        return new Turn(out, next, filled.plus(b).minimum(full));
    }

    @Override public List<State> states() {
        return List.of(fakes, filled);
    }
}
