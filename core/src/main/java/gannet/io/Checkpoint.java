package gannet.io;

import gannet.io.Safetensors.Item;
import gannet.io.Safetensors.Type;
import gannet.io.Safetensors.Values;
import gannet.tensor.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// States in a safetensors file, each exactly as it is: 32-bit floats as F32, wide states (counters, the reference back end) as F64. The same
/// states and metadata give the same bytes, so that two runs can be compared by a checksum.
///
/// Loading is all or nothing: the file is held against the states first, and they are written only if everything fits. The one exception is a
/// value that a state itself refuses, such as a position outside of the data, which only a damaged file holds.
public final class Checkpoint {
    private Checkpoint() {}

    /// Replaces `file` by the states and `metadata`.
    public static void save(Path file, List<State> states, Map<String, String> metadata) throws IOException {
        var items = new ArrayList<Item>();
        for (State state : states) items.add(new Item(state.name(), type(state), state.shape().sizes(), new Values.Deferred(state::read)));
        Safetensors.write(file, items, metadata);
    }

    /// Sets the states from `file`, which must hold exactly these: names, shapes and types.
    public static void load(Path file, List<State> states) throws IOException {
        read(file, states, true);
    }

    /// Sets the states from `file`, which may hold others too: a network's weights out of a whole run's checkpoint.
    public static void loadPart(Path file, List<State> states) throws IOException {
        read(file, states, false);
    }

    /// The key-value pairs that were saved with the states.
    public static SequencedMap<String, String> metadata(Path file) throws IOException {
        try (var in = Safetensors.open(file)) {
            return in.metadata();
        }
    }

    private static void read(Path file, List<State> states, boolean all) throws IOException {
        try (var in = Safetensors.open(file)) {
            var names = new HashSet<String>();
            for (State state : states) {
                if (!names.add(state.name())) throw new IllegalArgumentException("two states named '" + state.name() + "'");
                requireFit(file, in.entry(state.name()), state);
            }
            if (all) for (String name : in.entries().keySet())
                if (!names.contains(name))
                    throw new FormatException(file.toString(), "holds '" + name
                            + "', which is no part of what is to be loaded: was it saved by another recipe or version?");
            var values = new ArrayList<double[]>();
            for (State state : states) values.add(in.doubles(state.name()));
            for (int i = 0; i < states.size(); i++) write(file, states.get(i), values.get(i));
        }
    }

    private static void write(Path file, State state, double[] values) throws FormatException {
        try {
            state.write(values);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file.toString(), "tensor '" + state.name() + "' holds what can't be: " + e.getMessage(), e);
        }
    }

    private static void requireFit(Path file, Safetensors.Entry entry, State state) throws FormatException {
        int[] expected = state.shape().sizes();
        if (!Arrays.equals(entry.shape(), expected))
            throw new FormatException(file.toString(), "tensor '" + state.name() + "' is " + Arrays.toString(entry.shape()) + ", expected "
                    + Arrays.toString(expected) + ": was it saved by another recipe?");
        if (entry.type() != type(state))
            throw new FormatException(file.toString(), "tensor '" + state.name() + "' is " + entry.type() + ", expected " + type(state)
                    + ": it was saved on a back end of another element type");
    }

    private static Type type(State state) {
        return state.wide() ? Type.F64 : Type.F32;
    }
}
