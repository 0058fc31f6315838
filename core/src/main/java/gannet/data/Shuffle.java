package gannet.data;

import gannet.kernel.Philox;

/// Endless mini-batches of the numbers 0 to `count` − 1 in random order: each epoch is a permutation of its own, so that every number comes
/// once an epoch. **The last, incomplete batch of an epoch is dropped**; another epoch's permutation leaves out others.
///
/// The permutation of an epoch depends on `seed` and the epoch's number only, so a position of two numbers ([#position]) is all that a run
/// must save to go on with exactly the same batches. It is Durstenfeld's form of Fisher and Yates' shuffle (Knuth, The Art of Computer
/// Programming, vol. 2, §3.4.2, Algorithm P).
public final class Shuffle {
    /// The epoch, and how many numbers of it have been drawn.
    public record Position(long epoch, int index) {}

    /// Sets these draws apart from all others under the same key: "SHUF".
    private static final int USE = 0x53485546;

    private final int count;
    private final int batch;
    private final long seed;
    private final int[] order;
    private long epoch;
    private int index;

    private final int[] words = new int[4];
    private int block;

    /// Batches of `batch` out of `count`.
    public Shuffle(int count, int batch, long seed) {
        if (batch < 1 || batch > count)
            throw new IllegalArgumentException("a batch of " + batch + " out of " + count + ": expected 1 to " + count
                    + ", a smaller batch or more data");
        this.count = count;
        this.batch = batch;
        this.seed = seed;
        this.order = new int[count];
        permute();
    }

    /// The size of a batch.
    public int batch() {
        return batch;
    }

    /// How many batches an epoch has.
    public int batchesPerEpoch() {
        return count / batch;
    }

    /// Where the next batch begins.
    public Position position() {
        return new Position(epoch, index);
    }

    /// Goes to a position that [#position] gave.
    public void resume(Position position) {
        if (position.epoch() < 0 || position.index() < 0 || position.index() > count)
            throw new IllegalArgumentException("position " + position.index() + " of epoch " + position.epoch() + " in data of " + count
                    + ": expected 0 to " + count + "; was it saved with other data?");
        boolean another = position.epoch() != epoch;
        epoch = position.epoch();
        index = position.index();
        if (another) permute();
    }

    /// Fills `numbers`, of a batch's length, with the next batch.
    public void next(int[] numbers) {
        if (numbers.length != batch) throw new IllegalArgumentException("an array of " + numbers.length + " for a batch of " + batch);
        if (count - index < batch) {
            epoch++;
            index = 0;
            permute();
        }
        System.arraycopy(order, index, numbers, 0, batch);
        index += batch;
    }

    private void permute() {
        block = 0;
        for (int i = 0; i < count; i++) order[i] = i;
        int word = 0;
        for (int i = count - 1; i > 0; i--) {
            int bound = i + 1;
            // Lemire 2019, "Fast Random Integer Generation in an Interval", Algorithm 5: words that would favour some numbers are skipped.
            long product;
            do product = (word(word++) & 0xFFFFFFFFL) * bound;
            while ((product & 0xFFFFFFFFL) < (1L << 32) % bound);
            int other = (int) (product >>> 32), swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
    }

    /// Word i of the epoch's random numbers; i goes up by one from call to call.
    private int word(int i) {
        if ((i & 3) == 0) Philox.block(seed, block++, (int) epoch, (int) (epoch >>> 32), USE, words, 0);
        return words[i & 3];
    }
}
