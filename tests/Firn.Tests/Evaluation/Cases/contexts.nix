builtins.hasContext "a"
builtins.hasContext "${derivation { name = "a"; system = "s"; builder = "b"; }}"
builtins.getContext "${derivation { name = "a"; system = "s"; builder = "b"; }}"
builtins.getContext "${builtins.toFile "x" "y"}"
builtins.getContext (builtins.unsafeDiscardStringContext "${builtins.toFile "x" "y"}")
builtins.getContext (builtins.unsafeDiscardOutputDependency (derivation { name = "a"; system = "s"; builder = "b"; }).drvPath)
builtins.getContext (derivation { name = "a"; system = "s"; builder = "b"; }).drvPath
builtins.getContext (builtins.substring 0 0 "${builtins.toFile "x" "y"}")
builtins.appendContext "a" { "/nix/store/8hqhmmg8xbgqvh4dyyaxdqsvdkagjk1i-x" = { path = true; }; }
builtins.appendContext "a" { "relative" = { path = true; }; }
builtins.toFile "x" "y"
builtins.toFile "x" "${builtins.toFile "a" "b"} used"
builtins.toFile "x" "${derivation { name = "a"; system = "s"; builder = "b"; }}"
builtins.toFile "a b/c" "y"
{ ${builtins.toFile "x" "y"} = 1; }
builtins.placeholder "out"
(derivation { name = "a"; system = "s"; builder = "b"; }).drvPath
(derivation { name = "a"; system = "s"; builder = "b"; }).outPath
(derivation { name = "a"; system = "s"; builder = "b"; outputs = [ "out" "dev" ]; args = [ "x" 1 ]; x = true; y = null; z = [ 1 "2" ]; }).dev.outPath
(derivation { name = "a"; system = "s"; builder = "b"; outputHash = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="; outputHashAlgo = "sha256"; }).outPath
(derivation { name = "a"; system = "s"; builder = "b"; outputHashMode = "recursive"; outputHash = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="; }).outPath
(derivation { name = "a"; system = "s"; builder = "b"; __structuredAttrs = true; x.y = [ 1 { z = "é"; } ]; }).drvPath
(derivation { name = "b"; system = "s"; builder = "b"; dep = derivation { name = "a"; system = "s"; builder = "b"; }; src = builtins.toFile "x" "y"; }).drvPath
(derivation { name = "a"; builder = "b"; }).drvPath
(derivation { name = "a"; system = "s"; }).drvPath
(derivation { system = "s"; builder = "b"; }).drvPath
(derivation { name = "a b"; system = "s"; builder = "b"; }).drvPath
(derivation { name = "a"; system = "s"; builder = "b"; x = y: y; }).drvPath
(derivation { name = "a"; system = "s"; builder = "b"; outputs = [ ]; }).drvPath
(derivation { name = "a"; system = "s"; builder = "b"; outputs = [ "out" "out" ]; }).drvPath
(derivation { name = "a"; system = "s"; builder = "b"; }).type
"${derivation { name = "a"; system = "s"; builder = "b"; }}/bin"
