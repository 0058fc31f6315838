package gannet.kernel.cuda;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/// The compiler from PTX to machine code that JCuda brings, NVIDIA's own: it needs no card and no driver.
final class PtxCompiler {
    private PtxCompiler() {}

    /// What became of it; `log` is what the compiler told, errors or each kernel's use of registers and memory.
    record Outcome(boolean compiled, String log) {}

    /// Compiles `ptx` for cards of compute capability `capability`, 90 for 9.0.
    static Outcome compile(byte[] ptx, int capability) {
        byte[] text = Arrays.copyOf(ptx, ptx.length + 1); // it ends with a zero byte
        var handle = new nvPTXCompilerHandle();
        require(JNvPTXCompiler.nvPTXCompilerCreate(handle, text.length, text));
        try {
            int result = JNvPTXCompiler.nvPTXCompilerCompile(handle, 2, new String[] {"--gpu-name=sm_" + capability, "--verbose"});
            return result == nvPTXCompileResult.NVPTXCOMPILE_SUCCESS ? new Outcome(true, info(handle)) : new Outcome(false, nvPTXCompileResult.stringFor(result) + "\n" + error(handle));
        } finally {
            JNvPTXCompiler.nvPTXCompilerDestroy(handle);
        }
    }

    private static String info(nvPTXCompilerHandle handle) {
        long[] length = new long[1];
        require(JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(handle, length));
        byte[] log = new byte[(int) length[0] + 1];
        require(JNvPTXCompiler.nvPTXCompilerGetInfoLog(handle, log));
        return text(log);
    }

    private static String error(nvPTXCompilerHandle handle) {
        long[] length = new long[1];
        require(JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(handle, length));
        byte[] log = new byte[(int) length[0] + 1];
        require(JNvPTXCompiler.nvPTXCompilerGetErrorLog(handle, log));
        return text(log);
    }

    private static String text(byte[] zeroEnded) {
        return new String(zeroEnded, StandardCharsets.UTF_8).replace("\0", "").strip();
    }

    private static void require(int result) {
        if (result != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) throw new IllegalStateException("the PTX compiler: " + nvPTXCompileResult.stringFor(result));
    }
}
