package gannet.examples.lab;

import java.util.Arrays;

/// Something drawn on a [Panel]. Marks of one name share a colour in all of a picture and an entry in its legend; a mark named "" is grey and has none.
/// What is not finite is left out, and breaks a line there.
sealed interface Mark {
    /// The name in the legend.
    String name();

    /// A line through the points (x[i], y[i]).
    record Line(String name, double[] x, double[] y) implements Mark {
        public Line {
            requireAsMany(name, x.length, y.length);
        }
    }

    /// The median of several curves, one for each seed, over a pale band from the least to the greatest.
    record Spread(String name, double[] x, double[][] curves) implements Mark {
        public Spread {
            for (double[] curve : curves) requireAsMany(name, x.length, curve.length);
        }

        /// At place i: the least, the median, the greatest of the curves that are finite there.
        double[] at(int i) {
            double[] values = Arrays.stream(curves).mapToDouble(curve -> curve[i]).filter(Double::isFinite).sorted().toArray();
            int n = values.length;
            if (n == 0) return new double[] {Double.NaN, Double.NaN, Double.NaN};
            return new double[] {values[0], (values[(n - 1) / 2] + values[n / 2]) / 2, values[n - 1]};
        }
    }

    /// Small translucent dots, so that many on one spot look darker.
    record Points(String name, double[] x, double[] y) implements Mark {
        public Points {
            requireAsMany(name, x.length, y.length);
        }

        /// Of samples `[n,2]`.
        static Points of(String name, float[] samples) {
            double[] x = new double[samples.length / 2], y = new double[samples.length / 2];
            for (int i = 0; i < x.length; i++) {
                x[i] = samples[2 * i];
                y[i] = samples[2 * i + 1];
            }
            return new Points(name, x, y);
        }
    }

    /// Larger open circles: the modes of a mixture, a target.
    record Rings(String name, double[] x, double[] y) implements Mark {
        public Rings {
            requireAsMany(name, x.length, y.length);
        }
    }

    /// A histogram: bar i stands on edges[i] to edges[i + 1].
    record Bars(String name, double[] edges, double[] heights) implements Mark {
        public Bars {
            requireAsMany(name, edges.length, heights.length + 1);
        }
    }

    /// Values `[rows,columns]` over a rectangle, as colours from `low` (blue) over the middle (white) to `high` (red); the first row is at the bottom.
    record Surface(String name, int rows, int columns, double[] values, double left, double right, double bottom, double top, double low, double high)
            implements Mark {
        public Surface {
            requireAsMany(name, rows * columns, values.length);
        }
    }

    private static void requireAsMany(String name, int a, int b) {
        if (a != b) throw new IllegalArgumentException("mark '" + name + "': " + a + " values along one axis, " + b + " along the other");
    }
}
