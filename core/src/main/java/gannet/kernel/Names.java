package gannet.kernel;

import java.util.List;

/// What was probably meant by a name that there is not.
public final class Names {
    private Names() {}

    /// The one of `names` that takes the fewest changes to come to from `word`, the first of such; empty if there are none.
    public static String nearest(String word, List<String> names) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String name : names) {
            int distance = distance(word, name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    /// The number of letters to insert, delete or replace; Levenshtein 1966.
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) above[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++)
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1, above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
            above = row;
        }
        return above[b.length()];
    }
}
