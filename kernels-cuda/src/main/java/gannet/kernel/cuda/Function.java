package gannet.kernel.cuda;

import jcuda.driver.CUfunction;

/// A kernel by its name. Its module is loaded, and its code compiled by the driver, when it is first launched.
final class Function {
    private final Modules modules;
    private final String source, name;
    private CUfunction handle;

    Function(Modules modules, String source, String name) {
        this.modules = modules;
        this.source = source;
        this.name = name;
    }

    boolean loaded() {
        return handle != null;
    }

    CUfunction handle() {
        if (handle == null) handle = modules.load(source, name);
        return handle;
    }

    String name() {
        return name;
    }
}
