package gannet.kernel.cuda;

import gannet.kernel.StridedCopy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A [StridedCopy] with its axes in the order of the target: strides in the target are positive and fall from the first axis to the last; axes of
/// one element are gone, and neighbours that are one run in source and target are one axis.
record CopyPlan(int fromOffset, int toOffset, List<Axis> axes) {
    /// `size` elements, `from` apart in the source and `to` apart in the target.
    record Axis(int size, int from, int to) {
        private boolean continues(Axis inner) {
            return to == inner.to * inner.size && from == inner.from * inner.size;
        }

        private int last() {
            return (size - 1) * to;
        }
    }

    static CopyPlan of(StridedCopy c) {
        int fromOffset = c.fromOffset(), toOffset = c.toOffset();
        var axes = new ArrayList<Axis>();
        for (int a = 0; a < c.sizes().length; a++) {
            int size = c.sizes()[a], from = c.fromStrides()[a], to = c.toStrides()[a];
            if (size == 1) continue;
            if (to < 0) {
                fromOffset += (size - 1) * from;
                toOffset += (size - 1) * to;
                from = -from;
                to = -to;
            }
            axes.add(new Axis(size, from, to));
        }
        axes.sort(Comparator.comparingInt(Axis::to).reversed());
        return new CopyPlan(fromOffset, toOffset, merged(axes));
    }

    private static List<Axis> merged(List<Axis> axes) {
        var merged = new ArrayList<Axis>();
        for (Axis inner : axes) {
            Axis outer = merged.isEmpty() ? null : merged.getLast();
            if (outer != null && outer.continues(inner)) merged.set(merged.size() - 1, new Axis(outer.size * inner.size, inner.from, inner.to));
            else merged.add(inner);
        }
        return merged;
    }

    /// From the first target element to the last.
    int extent() {
        int extent = 1;
        for (Axis each : axes) extent += each.last();
        return extent;
    }

    /// Whether a target position tells its indices by division: what the axes inside of one reach is less than its stride.
    boolean nested() {
        int reach = 0;
        for (Axis each : axes.reversed()) {
            if (each.to <= reach) return false;
            reach += each.last();
        }
        return true;
    }

    /// The part with index `i` on the first axis.
    CopyPlan part(int i) {
        Axis first = axes.getFirst();
        return new CopyPlan(fromOffset + i * first.from, toOffset + i * first.to, axes.subList(1, axes.size()));
    }

    /// Whether the last axis is contiguous on both sides and all runs begin at multiples of four, so that it can be said in quads.
    boolean inQuads() {
        if (axes.isEmpty() || fromOffset % 4 != 0 || toOffset % 4 != 0) return false;
        Axis last = axes.getLast();
        if (last.from != 1 || last.to != 1 || last.size % 4 != 0) return false;
        for (Axis each : axes.subList(0, axes.size() - 1)) if (each.from % 4 != 0 || each.to % 4 != 0) return false;
        return true;
    }

    /// The same with four elements for one; only if [#inQuads].
    CopyPlan quads() {
        var quads = new ArrayList<Axis>();
        for (Axis each : axes.subList(0, axes.size() - 1)) quads.add(new Axis(each.size, each.from / 4, each.to / 4));
        quads.add(new Axis(axes.getLast().size / 4, 1, 1));
        return new CopyPlan(fromOffset / 4, toOffset / 4, quads);
    }

    /// The axis that is fast in the source while the target's fast axis is slow there, both of them long enough for tiles to pay; −1 if there is none.
    int crossing(int least) {
        if (axes.size() < 2) return -1;
        Axis last = axes.getLast();
        if (last.to != 1 || Math.abs(last.from) < least || last.size < least) return -1;
        for (int a = 0; a < axes.size() - 1; a++) if (axes.get(a).from == 1 && axes.get(a).size >= least) return a;
        return -1;
    }
}
