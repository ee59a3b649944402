# The embedded package set: everything from a Debian mirror and from source, nothing from this machine.
#
#   nix-build packages -A hello
{
  mirror ? import ./mirror.nix,
  lock ? ./debian.json,
  system ? "x86_64-linux",
}:
let
  debian = import ./debian.nix { inherit mirror lock system; };

  # A Debian package and the libraries it needs beside the C library, in one tree.
  program =
    name: packages: finish:
    debian.tree {
      inherit name packages finish;
      libraries = [ self.glibc ];
      shell = self.bash;
    };

  selinux = [
    "libacl1"
    "libpcre2-8-0"
    "libselinux1"
  ];

  self = {
    /*
      Everything that comes from the mirror, as it comes.
    */
    archives = debian.archives;

    /*
      The C library and the loader, as Debian built them.
    */
    glibc = debian.tree {
      name = "glibc";
      packages = [
        "libc6"
        "libgcc-s1"
      ];
    };

    /*
      The Bourne-again shell.
    */
    bash = debian.tree {
      name = "bash";
      packages = [
        "bash"
        "libtinfo6"
      ];
      libraries = [ self.glibc ];
      finish = "rm bin/bashbug; ln -sf bash bin/sh";
    };

    /*
      ls, cp, sort and the other small tools.
    */
    coreutils = program "coreutils" (
      [
        "coreutils"
        "libattr1"
        "libcap2"
        "libgmp10"
        "libssl3t64"
        "libsystemd0"
        "libzstd1"
        "zlib1g"
      ]
      ++ selinux
    ) "";

    /*
      cmp and diff.
    */
    diffutils = program "diffutils" [ "diffutils" ] "";

    /*
      find and xargs.
    */
    findutils = program "findutils" ([ "findutils" ] ++ selinux) "";

    /*
      GNU awk, also as awk.
    */
    gawk = program "gawk" [
      "gawk"
      "libgmp10"
      "libmpfr6"
      "libreadline8t64"
      "libsigsegv2"
      "libtinfo6"
    ] "ln -s gawk bin/awk";

    /*
      grep.
    */
    gnugrep = program "gnugrep" [
      "grep"
      "libpcre2-8-0"
    ] "";

    /*
      GNU make.
    */
    gnumake = program "gnumake" [ "make" ] "";

    /*
      GNU sed.
    */
    gnused = program "gnused" ([ "sed" ] ++ selinux) "";

    /*
      GNU tar.
    */
    gnutar = program "gnutar" ([ "tar" ] ++ selinux) "";

    /*
      gzip and gunzip.
    */
    gzip = program "gzip" [ "gzip" ] "";

    /*
      patch.
    */
    patch = program "patch" [ "patch" ] "";

    /*
      xz.
    */
    xz = program "xz" [
      "xz-utils"
      "liblzma5"
    ] "";

    /*
      Sets and asks for loader and library path of a program.
    */
    patchelf = program "patchelf" [
      "patchelf"
      "libstdc++6"
    ] "";

    /*
      The C compiler with assembler, linker and headers; what it links runs with `glibc` above.
    */
    gcc = program "gcc" [
      "gcc-14-x86-64-linux-gnu"
      "cpp-14-x86-64-linux-gnu"
      "libgcc-14-dev"
      "libcc1-0"
      "libgmp10"
      "libisl23"
      "libmpc3"
      "libmpfr6"
      "libstdc++6"
      "libzstd1"
      "zlib1g"
      "binutils-x86-64-linux-gnu"
      "binutils-common"
      "libbinutils"
      "libctf0"
      "libctf-nobfd0"
      "libjansson4"
      "libsframe1"
      "libc6-dev"
      "linux-libc-dev"
    ] (builtins.readFile ./gcc.sh);

    /*
      Builds a package from source; see make-derivation.nix.
    */
    mkDerivation = import ./make-derivation.nix {
      inherit system;
      shell = self.bash;
      tools = [
        self.bash
        self.coreutils
        self.diffutils
        self.findutils
        self.gawk
        self.gcc
        self.gnugrep
        self.gnumake
        self.gnused
        self.gnutar
        self.gzip
        self.patch
        self.xz
      ];
    };

    /*
      GNU hello, built from its source.
    */
    hello = hellos.original;

    /*
      GNU hello with a patch of ours: the upgrade that `./run` installs.
    */
    helloPatched = hellos.patched;
  };

  hellos = import ./hello {
    inherit (self) mkDerivation;
    source = debian.source "hello";
  };
in
self
