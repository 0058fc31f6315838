package gannet.kernel.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;

/// The fake driver as JCuda sees it, opened on the calling thread, with the kernels of `probes.cu`.
final class Probes {
    /// Kernels and their parameters, as PTX has them.
    private static final String[] DECLARED = {"probe_axpy(u32,f32,u64,u64)", "probe_reverse(u64)", "probe_ones(u64)", "probe_indices(u64)",
        "probe_shuffles(u64)", "probe_tensor_core(u64,u64,u64)", "probe_templates(u64)", "probe_unwritten_shared(u64)", "probe_too_much_shared(u64)",
        "probe_barrier_for_some(u32)", "probe_two_barriers(u32)", "probe_half_a_warp(u64)", "probe_partial_mask(u64)"};

    final Path library;
    final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();

    @SuppressWarnings("restricted")
    Probes() {
        library = FakeDriver.build();
        System.load(library.toString());
        success(cuInit(0));
        var device = new CUdevice();
        success(cuDeviceGet(device, 0));
        success(cuDevicePrimaryCtxRetain(context, device));
        success(cuCtxSetCurrent(context));
        success(load(module, ptx("7.0", "sm_80", DECLARED)));
    }

    /// The text of PTX that declares kernels such as `name(u32,u64)`, of 256 threads, and has no code.
    static String ptx(String version, String target, String... kernels) {
        var text = new StringBuilder(".version " + version + "\n.target " + target + "\n.address_size 64\n");
        for (String each : kernels) {
            String[] parts = each.split("[(),]");
            text.append(".visible .entry ").append(parts[0]).append("(\n");
            for (int p = 1; p < parts.length; p++)
                text.append("\t.param .").append(parts[p]).append(' ').append(parts[0]).append("_param_").append(p).append(p < parts.length - 1 ? ",\n" : "\n");
            text.append(")\n.maxntid 256, 1, 1\n{\n\tret;\n}\n");
        }
        return text.toString();
    }

    static int load(CUmodule module, String ptx) {
        return cuModuleLoadData(module, (ptx + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    static void success(int result) {
        assertEquals("CUDA_SUCCESS", CUresult.stringFor(result));
    }

    static CUdeviceptr memory(int floats) {
        var address = new CUdeviceptr();
        success(cuMemAlloc(address, 4L * floats));
        return address;
    }

    static CUdeviceptr memory(float... values) {
        CUdeviceptr address = memory(values.length);
        success(cuMemcpyHtoD(address, Pointer.to(values), 4L * values.length));
        return address;
    }

    static float[] floats(CUdeviceptr from, int n) {
        var values = new float[n];
        success(cuMemcpyDtoH(Pointer.to(values), from, 4L * n));
        return values;
    }

    static int[] ints(CUdeviceptr from, int n) {
        var values = new int[n];
        success(cuMemcpyDtoH(Pointer.to(values), from, 4L * n));
        return values;
    }

    /// Launches blocks of 256 threads. Arguments: `Integer`, `Float`, `CUdeviceptr`.
    int launch(CUstream stream, int blocks, String name, Object... arguments) {
        return launch(stream, new int[]{blocks, 1, 1}, new int[]{256, 1, 1}, name, arguments);
    }

    int launch(CUstream stream, int[] grid, int[] block, String name, Object... arguments) {
        var function = new CUfunction();
        success(cuModuleGetFunction(function, module, name));
        Pointer[] values = Arrays.stream(arguments).map(Probes::pointer).toArray(Pointer[]::new);
        return cuLaunchKernel(function, grid[0], grid[1], grid[2], block[0], block[1], block[2], 0, stream, Pointer.to(values), null);
    }

    private static Pointer pointer(Object argument) {
        return switch (argument) {
            case Integer i -> Pointer.to(new int[]{i});
            case Float f -> Pointer.to(new float[]{f});
            case CUdeviceptr address -> Pointer.to(address);
            default -> throw new IllegalArgumentException("no argument of a kernel: " + argument);
        };
    }

    /// Launches one block, waits for it, and gives what the driver said it did wrong.
    String fault(String name, Object... arguments) {
        FakeDriver.set(library, "quiet", 1);
        success(launch(null, 1, name, arguments));
        assertEquals(CUresult.CUDA_ERROR_LAUNCH_FAILED, cuCtxSynchronize(), name);
        String note = FakeDriver.note(library);
        FakeDriver.reset(library);
        return note;
    }
}
