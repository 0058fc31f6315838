package gannet.kernel.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/// The kernels' PTX, one module for each source, loaded when its first kernel is launched: the driver compiles it for the card then (and keeps the result for the
/// next time).
///
/// There are two of each: for compute capability 7.5, and for 8.0, which has tensor cores for tf32. PTX for a lesser capability runs on all later cards.
final class Modules {
    static final int WITH_TENSOR_CORES = 80, LEAST = 75;

    private final int level;
    private final Map<String, CUmodule> loaded = new HashMap<>();

    /// For a card of compute capability `capability`, 75 for 7.5.
    Modules(int capability) {
        this.level = level(capability);
    }

    /// The PTX that a card gets: 75 or 80.
    static int level(int capability) {
        return capability >= WITH_TENSOR_CORES ? WITH_TENSOR_CORES : LEAST;
    }

    /// The PTX that this card gets.
    int level() {
        return level;
    }

    CUfunction load(String source, String kernel) {
        CUmodule module = loaded.computeIfAbsent(source, this::module);
        var function = new CUfunction();
        Driver.check(JCudaDriver.cuModuleGetFunction(function, module, kernel), "looking for kernel " + kernel + " in " + source + "-" + level + ".ptx");
        return function;
    }

    private CUmodule module(String source) {
        String resource = source + "-" + level + ".ptx";
        byte[] text = text(resource);
        var module = new CUmodule();
        Driver.check(JCudaDriver.cuModuleLoadData(module, Arrays.copyOf(text, text.length + 1)), "compiling " + resource); // it ends with a zero byte
        return module;
    }

    private static byte[] text(String resource) {
        try (InputStream in = Modules.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("the kernels' PTX " + resource + " is not in the jar: make it with kernels-cuda/ptx");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the kernels' PTX " + resource + " can't be read", e);
        }
    }

    void close() {
        loaded.values().forEach(JCudaDriver::cuModuleUnload);
        loaded.clear();
    }
}
