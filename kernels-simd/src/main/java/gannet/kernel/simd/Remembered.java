package gannet.kernel.simd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// What was worked out for each of the shapes last asked for, so that the steps of a training loop work nothing out again and leave nothing on the heap.
final class Remembered<K, V> {
    /// Shapes enough for a network's layers at several batch sizes; those asked for longest ago are forgotten.
    static final int MOST = 256;

    private final Function<K, V> make;
    private final Map<K, V> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST;
        }
    };

    Remembered(Function<K, V> make) {
        this.make = make;
    }

    V of(K key) {
        V value = known.get(key);
        if (value == null) known.put(key, value = make.apply(key));
        return value;
    }
}
