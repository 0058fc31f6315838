package gannet.examples.lab;

import gannet.io.Npy;
import java.io.IOException;
import java.nio.file.Path;

/// The arrays that one trial left: `FOLDER/ARM/seed-N/NAME.npy`.
record Saved(Path folder) {
    /// The trial of one arm and seed in a lab's folder.
    static Saved in(Path folder, String arm, long seed) {
        return new Saved(folder.resolve(arm).resolve("seed-" + seed));
    }

    /// The array of that name.
    Npy array(String name) throws IOException {
        return Npy.read(folder.resolve(name + ".npy"));
    }

    /// The array's elements, as doubles: a curve.
    double[] curve(String name) throws IOException {
        float[] values = array(name).values();
        double[] curve = new double[values.length];
        for (int i = 0; i < curve.length; i++) curve[i] = values[i];
        return curve;
    }

    /// A curve to save, `[n]`.
    static Npy of(double... curve) {
        float[] values = new float[curve.length];
        for (int i = 0; i < values.length; i++) values[i] = (float) curve[i];
        return new Npy(new int[] {values.length}, values);
    }
}
