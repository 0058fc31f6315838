package gannet.kernel.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Compiles the CUDA kernels for this machine with g++, over the emulator in `src/test/cpp`: into a `libcuda.so.1` that JCuda can load, or into a
/// program. Each object file is named after the hash of everything that went into it, so only what has changed is compiled again, in as many
/// processes as there are cores.
///
/// Two things are done to a kernel's text on the way, [#hostText] and [#kernelNames]; lines keep their numbers.
///
/// For someone who writes kernels, without Maven: `java HostBuild.java OUT` leaves `OUT/libcuda.so.1`, in seconds if little has changed.
final class HostBuild {
    /// What looks over the kernels' shoulders.
    enum Watch {
        NOTHING,
        /// Checks by calls instead of inline: a quarter of the time to compile.
        ADDRESSES("-fsanitize=address", "-DEMULATOR_ASAN", "-fno-omit-frame-pointer", "-g1", "-O1", "--param", "asan-instrumentation-with-call-threshold=0"),
        THREADS("-fsanitize=thread", "-DEMULATOR_TSAN", "-g1", "-O1");

        final List<String> flags;

        Watch(String... flags) {
            this.flags = List.of(flags);
        }
    }

    private static final String COMPILER = "g++";
    private static final List<String> FLAGS = List.of("-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-fno-strict-aliasing", "-fno-math-errno",
            "-ffp-contract=off", "-march=native", "-Wall", "-Wno-unknown-pragmas", "-Wno-sign-compare", "-Wno-unused-function");
    private static final Pattern SHARED = Pattern.compile("(?m)^([ \\t]*)__shared__\\s+(?:__align__\\s*\\([^)]*\\)\\s*)?"
            + "((?:(?:unsigned|long)\\s+)*[\\w:]+(?:<[^;<>]*>)?)\\s+(\\w[^;=()<>]*);");
    private static final Pattern KERNEL =
            Pattern.compile("extern\\s+\"C\"\\s+__global__\\s+void\\s+(?:__launch_bounds__\\s*\\((?:[^()]|\\([^()]*\\))*\\)\\s*)?(\\w+)\\s*\\(");

    private final Path cpp;
    private final List<Path> kernels;
    private final Path out;
    private final Watch watch;
    private final String machine;

    /// `cpp`: the emulator's folder. `kernels`: .cu files, and folders of them.
    HostBuild(Path cpp, List<Path> kernels, Path out, Watch watch) throws IOException, InterruptedException {
        this.cpp = cpp.toAbsolutePath();
        this.kernels = files(kernels, ".cu");
        this.out = out.toAbsolutePath();
        this.watch = watch;
        machine = run(List.of(COMPILER, "-march=native", "-E", "-v", "-x", "c++", "/dev/null"));
        Files.createDirectories(this.out);
    }

    static boolean hasCompiler() {
        try {
            run(List.of(COMPILER, "--version"));
            return true;
        } catch (IOException | InterruptedException none) {
            return false;
        }
    }

    /// `libcuda.so.1`, with the fake driver and all kernels.
    Path library() throws IOException, InterruptedException {
        return link("libcuda.so.1", files(List.of(cpp.resolve("emulator"), cpp.resolve("driver")), ".cpp"),
                List.of("-shared", "-Wl,-soname,libcuda.so.1"));
    }

    /// A program of one more source file, with all kernels and no driver.
    Path program(Path main) throws IOException, InterruptedException {
        var sources = new ArrayList<>(files(List.of(cpp.resolve("emulator")), ".cpp"));
        sources.add(main.toAbsolutePath());
        return link(main.getFileName().toString().replaceFirst("\\.cpp$", ""), sources, List.of());
    }

    private Path link(String name, List<Path> sources, List<String> flags) throws IOException, InterruptedException {
        List<Path> objects = compileAll(sources);
        Path target = out.resolve(name), built = out.resolve(name + ".of");
        String what = hash(objects.toString() + flags);
        if (Files.exists(target) && Files.exists(built) && Files.readString(built).equals(what)) return target;
        Path fresh = Files.createTempFile(out, name, ".new");
        var command = new ArrayList<>(List.of(COMPILER));
        command.addAll(flags);
        if (!watch.flags.isEmpty()) command.add(watch.flags.getFirst());
        objects.forEach(each -> command.add(each.toString()));
        command.addAll(List.of("-o", fresh.toString(), "-lpthread"));
        run(command);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        Files.writeString(built, what);
        return target;
    }

    private List<Path> compileAll(List<Path> sources) throws IOException, InterruptedException {
        String runtime = texts(files(List.of(cpp), ".h")), device = texts(headers());
        for (Path each : headers()) write(out.resolve("host").resolve(each.getFileName()), "#line 1 \"" + each + "\"\n" + hostText(Files.readString(each)));
        var jobs = new ArrayList<Callable<Path>>();
        for (Path each : kernels) jobs.add(() -> compileKernels(each, runtime + device));
        for (Path each : sources) jobs.add(() -> compile(each, each, runtime, sourceFlags()));
        try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var objects = new ArrayList<Path>();
            for (Future<Path> each : threads.invokeAll(jobs)) objects.add(each.get());
            return objects;
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause().getMessage(), failed.getCause());
        }
    }

    /// A sanitizer looks at the kernels alone. The scheduler switches stacks, and says so by hand.
    private List<String> sourceFlags() {
        return watch == Watch.NOTHING ? List.of() : List.of("-fno-sanitize=all");
    }

    /// A file's functions are its own, as they are in PTX, even where two files have some of the same name: hence the namespace.
    private Path compileKernels(Path file, String headers) throws IOException, InterruptedException {
        Path text = out.resolve("host").resolve(file.getFileName());
        var host = new StringBuilder("namespace {\n#line 1 \"" + file + "\"\n" + hostText(Files.readString(file)) + "\n");
        for (String name : kernelNames(file))
            host.append("static const emulator::Compiled<&").append(name).append("> emulated_").append(name).append("(\"").append(name).append("\");\n");
        write(text, host.append("}\n").toString());
        return compile(text, file, headers, List.of("-x", "c++", "-include", cpp.resolve("cuda_emulator.h").toString()));
    }

    private Path compile(Path text, Path named, String headers, List<String> flags) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(COMPILER));
        command.addAll(FLAGS);
        command.addAll(watch.flags);
        command.addAll(flags);
        String hash = hash(machine + command + headers + Files.readString(text));
        Path object = out.resolve("objects").resolve(named.getFileName() + "-" + hash + ".o");
        if (Files.exists(object)) return object;
        Files.createDirectories(object.getParent());
        Path fresh = Files.createTempFile(out, "object", ".o");
        command.addAll(List.of("-c", text.toString(), "-o", fresh.toString()));
        run(command);
        Files.move(fresh, object, StandardCopyOption.ATOMIC_MOVE);
        return object;
    }

    /// A block's own arrays, in words of C++: `__shared__ float a[4], b;` becomes a local struct for each, whose one copy the block shares. A local
    /// struct, since then each instance of a template has its own. And kernels are C++ functions: as those of C they could not be named like one of
    /// the library's, say `select`.
    static String hostText(String cuda) {
        return SHARED.matcher(cuda.replaceAll("extern\\s+\"C\"(\\s+)__global__", "$1__global__")).replaceAll(found -> {
            var text = new StringBuilder(found.group(1));
            for (String each : found.group(3).split(",(?![^\\[]*\\])")) {
                String declarator = each.strip(), name = declarator.replaceFirst("\\[(?s).*", "").strip();
                text.append("struct Shared_").append(name).append(" { ").append(found.group(2)).append(" ").append(declarator).append("; }; auto& ")
                        .append(name).append(" = emulator::shared<Shared_").append(name).append(">().").append(name).append("; ");
            }
            text.append("\n".repeat((int) found.group().lines().count() - 1));
            return Matcher.quoteReplacement(text.toString());
        });
    }

    /// The kernels of a file, found after the preprocessor, so that those made by macros are among them.
    private static List<String> kernelNames(Path file) throws IOException, InterruptedException {
        String text = run(List.of(COMPILER, "-E", "-P", "-x", "c++", file.toString()));
        return KERNEL.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /// What lies beside the kernels; of two files with the same name the one beside the kernel that was named first.
    private List<Path> headers() throws IOException {
        var byName = new LinkedHashMap<Path, Path>();
        for (Path each : files(kernels.stream().map(Path::getParent).distinct().toList(), ".cuh")) byName.putIfAbsent(each.getFileName(), each);
        return List.copyOf(byName.values());
    }

    private static List<Path> files(List<Path> roots, String suffix) throws IOException {
        var all = new ArrayList<Path>();
        for (Path root : roots)
            try (Stream<Path> within = Files.walk(root.toAbsolutePath())) {
                within.filter(each -> each.toString().endsWith(suffix)).sorted().forEach(all::add);
            }
        return all;
    }

    private static String texts(List<Path> files) throws IOException {
        var all = new StringBuilder();
        for (Path each : files) all.append(each.getFileName()).append('\n').append(Files.readString(each));
        return all.toString();
    }

    /// Written only if it would change: others may be reading it.
    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        if (!Files.exists(file) || !Files.readString(file).equals(text)) Files.writeString(file, text);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// What a command says, if it ends well.
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ":\n" + said);
        return said;
    }

    /// `OUT [address|thread] [replay] [KERNELS...]`: builds `OUT/libcuda.so.1`, or the program `OUT/replay`, from these .cu files and folders, or from
    /// all of this module.
    static void main(String[] arguments) throws Exception {
        var rest = new ArrayList<>(Arrays.asList(arguments));
        Path out = Path.of(rest.removeFirst());
        Watch watch = rest.remove("address") ? Watch.ADDRESSES : rest.remove("thread") ? Watch.THREADS : Watch.NOTHING;
        boolean replay = rest.remove("replay");
        Path module = module(), cpp = module.resolve("src/test/cpp");
        List<Path> kernels = rest.isEmpty() ? List.of(module.resolve("src/main/cuda")) : rest.stream().map(Path::of).toList();
        var build = new HostBuild(cpp, kernels, out, watch);
        System.out.println(replay ? build.program(cpp.resolve("replay.cpp")) : build.library());
    }

    /// This module's folder, from its own or from its parent's.
    static Path module() {
        for (Path each : List.of(Path.of(""), Path.of("kernels-cuda")))
            if (Files.isDirectory(each.resolve("src/test/cpp/emulator"))) return each.toAbsolutePath();
        throw new UncheckedIOException(new IOException("no src/test/cpp/emulator here: start it in the folder kernels-cuda, or above"));
    }
}
