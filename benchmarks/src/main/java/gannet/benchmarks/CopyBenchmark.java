package gannet.benchmarks;

import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Strided copies of a batch of images `[n,h,w,c]`: what permute, pad, slice, flip and broadcast are made of.
///
/// `java -jar benchmarks/target/benchmarks.jar Copy -p backEnd=simd -p channels=3`
public class CopyBenchmark extends KernelBenchmark {
    private static final int SIDE = 32, MARGIN = 2;

    /// `channelsFirst` is `[n,h,w,c] → [n,c,h,w]`, `channelsLast` its inverse; `pad` puts a margin of zeros around, `crop` takes one off; `flip` mirrors;
    /// `broadcast` repeats one channel for all.
    @Param({"channelsFirst", "channelsLast", "pad", "crop", "flip", "broadcast"})
    public String pattern;

    @Param({"3", "64"})
    public int channels;

    private StridedCopy copy;
    private Storage x, y;

    @Override protected void prepare() {
        copy = copy(channels);
        x = normal(reach(copy.sizes(), copy.fromOffset(), copy.fromStrides()));
        int padded = BATCH * (SIDE + 2 * MARGIN) * (SIDE + 2 * MARGIN) * channels;
        y = result(pattern.equals("pad") ? padded : copy.count());
    }

    private StridedCopy copy(int c) {
        int[] image = {BATCH, SIDE, SIDE, c}, last = {SIDE * SIDE * c, SIDE * c, c, 1}, first = {c * SIDE * SIDE, SIDE, 1, SIDE * SIDE};
        int wide = SIDE + 2 * MARGIN, corner = MARGIN * (wide + 1) * c;
        int[] framed = {wide * wide * c, wide * c, c, 1};
        return switch (pattern) {
            case "channelsFirst" -> new StridedCopy(image, 0, last, 0, first);
            case "channelsLast" -> new StridedCopy(image, 0, first, 0, last);
            case "pad" -> new StridedCopy(image, 0, last, corner, framed);
            case "crop" -> new StridedCopy(image, corner, framed, 0, last);
            case "flip" -> new StridedCopy(image, (SIDE - 1) * c, new int[] {SIDE * SIDE * c, SIDE * c, -c, 1}, 0, last);
            case "broadcast" -> new StridedCopy(image, 0, new int[] {SIDE * SIDE, SIDE, 1, 0}, 0, last);
            default -> throw new IllegalArgumentException("pattern " + pattern);
        };
    }

    /// The elements up to the last one that is read.
    private static int reach(int[] sizes, int offset, int[] strides) {
        int last = offset;
        for (int i = 0; i < sizes.length; i++) last += Math.max(0, (sizes[i] - 1) * strides[i]);
        return last + 1;
    }

    @Benchmark public Storage copy(Traffic rate) {
        kernels.copy(copy, x, y);
        rate.done(Math.min(x.length(), copy.count()), y.length(), 0);
        return y;
    }
}
