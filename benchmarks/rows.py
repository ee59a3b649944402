"""What `benchmarks/compare` measures: rows with goals, and rows that show how the work grows."""
import glob
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))


class Row:
    """One line of the table.

    name      what it is, and how it is chosen on the command line
    command   the words to run, given a Place and the number of the run
    goal      how much of C++ Nix's wall time firn may need; memory likewise
    prepare   what is done before each run, given a Program and a Place; not measured
    base      the name of a row whose time is taken off, so that what is left is the difference
    remembers whether answers of earlier runs may be used
    answers   whether both must print the same
    """

    def __init__(self, name, command, goal=None, memory=None, prepare=None, base=None, remembers=False, answers=False, runs=None):
        self.name, self.command, self.goal, self.memory = name, command, goal, memory
        self.prepare, self.base, self.remembers, self.answers, self.runs = prepare, base, remembers, answers, runs


class Place:
    """Where the inputs are."""

    def __init__(self, nixpkgs, oracle, scratch):
        self.nixpkgs, self.oracle, self.scratch = nixpkgs, oracle, scratch

    def write(self, name, text):
        path = os.path.join(self.scratch, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    @property
    def seed(self):
        return os.path.join(self.oracle, "systems/seed.nix")

    def changed_seed(self, run):
        """The seed system with one option changed."""
        return self.write("changed.nix", f"{{ imports = [ {self.seed} ]; services.openssh.ports = [ {2000 + run} ]; }}\n")

    def first_packages(self, count):
        with open(os.path.join(self.oracle, "packages.json")) as file:
            return self.write("names.json", json.dumps(list(json.load(file))[:count]))

    def all_files(self):
        """A script that runs a command on every .nix file of the tree."""
        listing = os.path.join(self.scratch, "files")
        if not os.path.exists(listing):
            with open(listing, "w") as file:
                for folder, _, names in os.walk(self.nixpkgs):
                    file.writelines(os.path.join(folder, n) + "\n" for n in names if n.endswith(".nix"))
        return listing


def system(place, configuration):
    return ["nix-instantiate", os.path.join(place.nixpkgs, "nixos"), "-A", "system", "--arg", "configuration", configuration]


def builds(place, run):
    text = ('map (i: derivation { name = "build${toString i}"; system = builtins.currentSystem; builder = "/bin/sh"; '
            f'args = [ "-c" "echo {run} > $out" ]; }}) (builtins.genList (i: i) 200)')
    return ["nix-build", "--no-out-link", "-j2", "-E", text]


def parsing(place, run):
    return ["sh", "-c", f"xargs -n 2000 nix-instantiate --parse < {place.all_files()}"]


def table(place):
    yield Row("start: `nix --version`", lambda p, n: ["nix", "--version"], goal=1)
    yield Row("start: `nix eval --expr 1`", lambda p, n: ["nix", "eval", "--expr", "1"], goal=1, answers=True)
    if place.nixpkgs:
        hello = lambda p, n: ["nix-instantiate", p.nixpkgs, "-A", "hello"]
        yield Row("`hello`", hello, goal=0.6, memory=1)
        yield Row("`hello`, unchanged", hello, remembers=True)
        yield Row("parsing every `.nix` file of the tree", parsing, goal=0.5, runs=3)
    if place.nixpkgs and place.oracle:
        seed = lambda p, n: system(p, p.seed)
        yield Row("seed system", seed, goal=0.5, memory=0.8, runs=5)
        yield Row("seed system, unchanged", seed, goal=0.03, remembers=True, runs=5)
        yield Row("seed system, one option changed", lambda p, n: system(p, p.changed_seed(n)), goal=0.35, remembers=True, runs=5)
        yield Row("seed system, derivations into a fresh store", seed, goal=0.3, prepare=lambda program, p: program.forget_store(), base="seed system", runs=5)
        yield Row("first 600 packages", lambda p, n: [
            "nix-instantiate", "--eval", "--strict", "--json", "--read-write-mode", os.path.join(p.oracle, "packages.nix"),
            "--argstr", "nixpkgs", p.nixpkgs, "--argstr", "names", p.first_packages(600)], goal=0.5, memory=0.8, runs=3)
    yield Row("200 builds, two at a time", builds, goal=0.3, runs=3)
    for path in sorted(glob.glob(os.path.join(HERE, "micro/*.nix"))):
        name = os.path.basename(path).removesuffix(".nix").replace("-", " ")
        yield Row(f"micro: {name}", lambda p, n, path=path: ["nix-instantiate", "--eval", "--strict", path], goal=0.5, answers=True)


def growth(place):
    """Families of rows: name, the unit that grows, and (n, Row) for each size."""
    def family(name, file, sizes, **more):
        path = os.path.join(HERE, "growth", file)
        extra = [w for key, value in more.items() for w in ("--arg" if key == "configuration" else "--argstr", key, value)]
        return name, [(n, Row(f"growth: {name}, {n}", lambda p, r, n=n: ["nix-instantiate", "--eval", "--strict", "--read-write-mode", path, "--arg", "n", str(n), *extra], runs=3))
                      for n in sizes]

    if place.nixpkgs and place.oracle:
        yield family("machines of one configuration", "machines.nix", [1, 2, 4], nixpkgs=place.nixpkgs, configuration=place.seed)
    yield family("`//` onto 20,000 attributes", "update.nix", [100, 1000, 4000])
    yield family("derivations", "derivations.nix", [1000, 5000, 20000])
    yield family("pieces of a string", "strings.nix", [10000, 100000, 400000])
