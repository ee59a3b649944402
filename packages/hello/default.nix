# GNU hello from its own source, and the same with a patch: an upgrade to try profiles with.
{ mkDerivation, source }:
let
  build =
    {
      version,
      patches ? [ ],
    }:
    mkDerivation {
      pname = "hello";
      inherit version patches;
      src = source;
      doCheck = true;
      meta = {
        description = "Program that produces a familiar, friendly greeting";
        mainProgram = "hello";
      };
    };
in
{
  original = build { inherit (source) version; };

  patched = build {
    version = "${source.version}-firn1";
    patches = [ ./warmer-greeting.patch ];
  };
}
