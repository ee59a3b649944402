{
  lib,
  stdenv,
  fetchurl,
  openssl ? null,
  enableTests ? stdenv.hostPlatform == stdenv.buildPlatform,
  ...
}@args:

assert enableTests -> openssl != null;

stdenv.mkDerivation (finalAttrs: {
  pname = "example";
  version = "1.2.3";

  src = fetchurl {
    url = "https://example.org/${finalAttrs.pname}-${finalAttrs.version}.tar.gz";
    hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  };

  patches = [
    ./fix.patch
    (./. + "/other-${finalAttrs.version}.patch")
    <nixpkgs/third.patch>
  ];

  buildInputs = lib.optional (openssl != null) openssl ++ (args.extra or [ ]);

  # The shell part.
  postPatch = ''
    substituteInPlace Makefile \
      --replace-fail /usr/local "$out" ${lib.optionalString enableTests "--with tests"}
    echo ''${HOME} $$ '''quoted''' ''\t done
  '';

  /**
    Not evaluated.
  */
  passthru.tests = {
    inherit (finalAttrs) version;
    inherit lib;
    "quoted name" = x: y: { a.b.c = x; a.b.d = -y * 2.5 + 1; };
    ${"dyn" + "amic"} = rec { a = 1; b = a; };
  };

  meta = with lib; {
    description = "Says \"hello\" \\ \${world}";
    license = licenses.mit;
    broken = !(enableTests || false) && 1 < 2;
    platforms = platforms.linux // { other = [ "x" ]; } ? other;
  };
})
