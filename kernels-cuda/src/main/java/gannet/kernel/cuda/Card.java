package gannet.kernel.cuda;

import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/// A graphics card as the driver describes it. `capability` is 90 for compute capability 9.0.
record Card(int ordinal, String name, int capability, int multiprocessors, long bytes) {
    /// The number of cards.
    static int count() {
        int[] count = new int[1];
        Driver.check(JCudaDriver.cuDeviceGetCount(count), "counting the cards");
        return count[0];
    }

    /// The card of that number.
    static Card at(int ordinal) {
        var device = new CUdevice();
        Driver.check(JCudaDriver.cuDeviceGet(device, ordinal), "looking at card " + ordinal);
        byte[] name = new byte[256];
        Driver.check(JCudaDriver.cuDeviceGetName(name, name.length, device), "asking card " + ordinal + " for its name");
        long[] bytes = new long[1];
        Driver.check(JCudaDriver.cuDeviceTotalMem(bytes, device), "asking card " + ordinal + " for its memory");
        return new Card(ordinal, text(name), 10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT), bytes[0]);
    }

    private static int attribute(CUdevice device, int which) {
        int[] value = new int[1];
        Driver.check(JCudaDriver.cuDeviceGetAttribute(value, which, device), "asking a card for attribute " + which);
        return value[0];
    }

    private static String text(byte[] zeroEnded) {
        int length = 0;
        while (length < zeroEnded.length && zeroEnded[length] != 0) length++;
        return new String(zeroEnded, 0, length, java.nio.charset.StandardCharsets.UTF_8);
    }

    /// Its model: what bits may depend on.
    String model() {
        return name + ", compute capability " + capability / 10 + "." + capability % 10;
    }

    @Override public String toString() {
        return "card " + ordinal + ", " + name + " (compute capability " + capability / 10 + "." + capability % 10 + ", " + bytes / (1 << 20) + " MiB)";
    }
}
