package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The bits that a call leaves, as one number, and the same from a fresh Java, where nothing is compiled yet: [#main].
final class Bits {
    private static final long SEED = 42;

    private Bits() {}

    static List<Call> calls(KernelCalls.Size size) {
        return KernelCalls.all(size, new Random(SEED));
    }

    /// Runs the call `times` times on the same storages; the bits after the first, and every tenfold, must be those after the last.
    static long repeated(Kernels k, Call call, int times) {
        var storages = new Storage[call.operands().size()];
        for (int o = 0; o < storages.length; o++) storages[o] = k.allocate(call.operands().get(o).values().length);
        long first = 0;
        int look = 1;
        for (int time = 1; time <= times; time++) {
            for (int o = 0; o < storages.length; o++)
                if (time == 1 || call.operands().get(o).written()) k.write(call.operands().get(o).values(), storages[o]);
            call.run().on(k, storages);
            if (time < look && time < times) continue;
            long bits = of(k, storages);
            if (time == 1) first = bits;
            if (bits != first) fail(k.name() + ": " + call.name() + ": call " + time + " gave other bits than the first");
            look *= 10;
        }
        return first;
    }

    private static long of(Kernels k, Storage[] storages) {
        long bits = 17;
        for (Storage each : storages) {
            var values = new double[each.length()];
            k.read(each, values);
            for (double value : values) bits = (bits ^ Double.doubleToLongBits(value)) * 0x9E3779B97F4A7C15L + (bits >>> 29);
        }
        return bits;
    }

    /// The bits of every first call in a Java process of its own, started like this one with `flags` added, by the call's place and name.
    static Map<String, Long> fresh(String device, KernelCalls.Size size, String... flags) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String each : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (!each.startsWith("-agentlib") && !each.startsWith("-javaagent") && !each.startsWith("-Xrun")) command.add(each);
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bits.class.getName(), device, size.name()));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        var bits = new LinkedHashMap<String, Long>();
        var rest = new StringBuilder();
        try (var lines = child.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("bits\t")) bits.put(line.split("\t", 3)[2], Long.parseUnsignedLong(line.split("\t", 3)[1], 16));
                else rest.append(line).append('\n');
            }
        }
        assertEquals(0, child.waitFor(), () -> "a fresh Java failed: " + command + "\n" + rest);
        return bits;
    }

    /// `main(device, size)` prints the bits of each call's first run.
    public static void main(String[] arguments) {
        Kernels k = BackEnds.open(arguments[0], 1).kernels();
        List<Call> calls = calls(KernelCalls.Size.valueOf(arguments[1]));
        for (int i = 0; i < calls.size(); i++)
            System.out.println("bits\t" + Long.toHexString(repeated(k, calls.get(i), 1)) + "\t" + i + " " + calls.get(i).name());
    }
}
