package gannet.examples.lab;

import gannet.examples.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/// An experiment of the course: a failing arm beside a remedied one, over several seeds. Its trials save samples or curves; figures, verdict and pictures
/// are made from what was saved and nothing else, so that anybody can make them again. A new one needs a line in [Labs], and in their test the settings
/// that are its remedy's.
interface Lab {
    /// What is known of it before it runs.
    About about();

    /// What it trains. Arms differ in the remedy's own settings only. With `control` the remedy's strength is zero, and the verdict must be "not shown".
    List<Arm> arms(Scale scale, boolean control) throws IOException;

    /// The figures of one arm and one seed.
    SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException;

    /// Whether the claim is borne out, and why (not).
    Verdict verdict(Outcome outcome) throws IOException;

    /// The picture that a lecturer would show, into `folder`: `NAME.png`, or several.
    void draw(Outcome outcome, Path folder) throws IOException;

    /// The same lab on the real data in a folder, `--data DIR`. Most make their own and refuse.
    default Lab on(Path data) throws IOException {
        throw new UsageException("lab '" + about().name() + "' makes its own data: leave --data " + data + " out");
    }

    /// Refuses, before anything is written, to train without the real data that it needs. Most need none.
    default void requireData() {}

    /// @param name what it is called on the command line
    /// @param claim what it shows, in a line
    /// @param source paper and section
    /// @param published the figures of the source to print beside ours, a line; "" if it has none
    /// @param minutes how long it takes on two cores
    /// @param quickMinutes with `--quick`; as long as `minutes` if there is no shorter form
    /// @param seeds how many seeds it takes if none are asked for
    record About(String name, String claim, String source, String published, double minutes, double quickMinutes, int seeds) {}

    /// How much is trained: `--quick`, the default, `--full`.
    enum Scale { QUICK, NORMAL, FULL }
}
