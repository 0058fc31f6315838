package gannet.kernel.simd;

import java.util.Arrays;

/// Copies between images and padded windows of them, `[rows, columns, c]`.
final class Padding {
    private Padding() {}

    /// The window of `rows` × `columns` pixels of `image[h,w,c]` whose first pixel is (`top`, `left`), which may lie outside; zero there.
    static void window(float[] image, int at, int h, int w, int c, int top, int left, int rows, int columns, float[] window, int windowAt) {
        int first = Math.clamp(-(long) left, 0, columns), last = Math.clamp((long) w - left, first, columns), pitch = columns * c;
        for (int i = 0; i < rows; i++) {
            int row = top + i, target = windowAt + i * pitch;
            if (row < 0 || row >= h || first == last) {
                Arrays.fill(window, target, target + pitch, 0);
            } else {
                Arrays.fill(window, target, target + first * c, 0);
                System.arraycopy(image, at + (row * w + left + first) * c, window, target + first * c, (last - first) * c);
                Arrays.fill(window, target + last * c, target + pitch, 0);
            }
        }
    }
}
