package gannet.examples.lab;

/// "shown" or "not shown", and why, in a line.
record Verdict(boolean shown, String why) {}
