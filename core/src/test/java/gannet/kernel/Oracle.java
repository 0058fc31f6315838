package gannet.kernel;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;

/// Runs a [Call] on a back end and on the reference and compares.
final class Oracle {
    private static final double GUARD = 777;

    private final Kernels reference = new ReferenceKernels(), kernels;
    private final String context;

    /// `context` goes into every message: the seed of the random shapes.
    Oracle(Kernels kernels, String context) {
        this.kernels = kernels;
        this.context = kernels.name() + ", " + context + ": ";
    }

    /// Fails unless every result lies within the call's tolerance of the reference's.
    void agree(Call call) {
        double[][] want = run(reference, call.operands(), call.run(), call.name());
        double[][] got = run(kernels, call.operands(), call.run(), context + call.name());
        for (int o = 0; o < want.length; o++)
            for (int i = 0; call.operands().get(o).written() && i < want[o].length; i++) {
                double tolerance = call.tolerance().at(want, o, i);
                if (!close(got[o][i], want[o][i], tolerance))
                    fail(context + call.name() + ": operand " + o + "[" + i + "] of " + want[o].length + " is " + got[o][i] + ", the reference has "
                            + want[o][i] + ", tolerance " + tolerance + inputs(call, i));
            }
    }

    /// The inputs of an elementwise call at i, for the message.
    private static String inputs(Call call, int i) {
        var text = new StringBuilder("; inputs there");
        for (Operand each : call.operands()) if (i < each.values().length) text.append(' ').append(each.values()[i]);
        return text.toString();
    }

    /// NaN and infinities must be the same, where the reference is rounded to float first.
    private static boolean close(double got, double want, double tolerance) {
        float rounded = (float) want;
        if (Float.isNaN(rounded)) return Double.isNaN(got);
        if (Float.isInfinite(rounded)) return (float) got == rounded;
        return Math.abs(got - want) <= tolerance;
    }

    /// Every operand's elements after the call. Operands lie at odd offsets inside larger storages, whose other elements must not change, nor
    /// those of operands that are read only.
    static double[][] run(Kernels k, List<Operand> operands, Call.Run run, String name) {
        var whole = new Storage[operands.size()];
        var slices = new Storage[operands.size()];
        for (int o = 0; o < slices.length; o++) {
            double[] values = operands.get(o).values();
            int offset = 2 * o + 1;
            var padded = new double[offset + values.length + 3];
            Arrays.fill(padded, GUARD);
            System.arraycopy(values, 0, padded, offset, values.length);
            whole[o] = k.allocate(padded.length);
            k.write(padded, whole[o]);
            slices[o] = whole[o].slice(offset, values.length);
        }
        run.on(k, slices);
        var results = new double[slices.length][];
        for (int o = 0; o < slices.length; o++) {
            var padded = new double[whole[o].length()];
            k.read(whole[o], padded);
            int offset = 2 * o + 1, length = operands.get(o).values().length;
            for (int i = 0; i < padded.length; i++)
                if ((i < offset || i >= offset + length) && padded[i] != GUARD)
                    fail(name + ": wrote outside of operand " + o + ", " + (i - offset) + " elements from its start; it has " + length);
            results[o] = Arrays.copyOfRange(padded, offset, offset + length);
            if (!operands.get(o).written() && !unchanged(results[o], operands.get(o).values())) fail(name + ": changed operand " + o + ", an input");
        }
        return results;
    }

    private static boolean unchanged(double[] now, double[] before) {
        for (int i = 0; i < now.length; i++) if (Double.compare(now[i], before[i]) != 0) return false;
        return true;
    }
}
