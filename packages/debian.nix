# Debian's packages as store objects: the archives, and programs from them that run from the store.
{
  mirror,
  lock,
  system,
}:
let
  pinned = builtins.fromJSON (builtins.readFile lock);

  # Versions hold characters that store names may not.
  storeName = builtins.replaceStrings [ "~" ":" ] [ "-" "-" ];

  fetch =
    { file, sha256, ... }:
    import <nix/fetchurl.nix> {
      url = "${mirror}/${file}";
      name = storeName (baseNameOf file);
      inherit sha256;
    };

  package =
    name:
    pinned.packages.${name}
      or (throw "the Debian package '${name}' is not pinned: add it to packages/debian.list and run packages/update-debian");

  # Without the epoch, the Debian revision and what a repackaged source adds.
  upstreamVersion = version: builtins.elemAt (builtins.match "([0-9]+:)?([^-+~]*).*" version) 1;

  /*
    What everything begins with: a static busybox, unpacked by the builder itself (docs/decisions says why). Its hash
    is pinned, so any other way to put the same bytes into the store serves as well.
  */
  seed = derivation {
    name = "seed";
    system = "builtin";
    builder = "builtin:unpack-deb";
    src = archive pinned.seed.package;
    outputHashMode = "recursive";
    outputHashAlgo = "sha256";
    outputHash = pinned.seed.sha256;
    preferLocalBuild = true;
  };

  /*
    The `.deb` of a pinned package, as the mirror serves it.
  */
  archive = name: fetch (package name);

  /*
    The upstream tarball of a pinned source package.
  */
  source = name: fetch pinned.sources.${name} // { inherit (pinned.sources.${name}) version; };

  /*
    Unpacks some packages into one tree (what is in /usr comes to the top) and makes its programs run from there:
    loader and library path point to the tree and to `libraries`, other trees of this kind; the first holds the loader.
    The version is that of the first package. Maintainer scripts do not run; `finish` is shell that does what they would.
  */
  tree =
    {
      name,
      packages,
      libraries ? [ ],
      shell ? null,
      finish ? "",
    }:
    derivation {
      name = "${name}-${upstreamVersion (package (builtins.head packages)).version}";
      version = upstreamVersion (package (builtins.head packages)).version;
      inherit system libraries finish;
      builder = "${seed}/usr/bin/busybox";
      args = [
        "sh"
        ./tree.sh
      ];
      archives = map archive packages;
      patchelf = if libraries == [ ] then "" else patchelf;
      shell = if shell == null then "" else "${shell}/bin/bash";
    };

  # Not patched itself: called through the loader that lies beside it.
  patchelf = tree {
    name = "patchelf";
    packages = [
      "patchelf"
      "libc6"
      "libgcc-s1"
      "libstdc++6"
    ];
  };
in
{
  inherit
    seed
    archive
    source
    tree
    ;

  archives = map fetch (builtins.attrValues pinned.packages ++ builtins.attrValues pinned.sources);
}
