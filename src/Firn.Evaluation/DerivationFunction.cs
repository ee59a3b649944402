namespace Firn.Evaluation;

/// <summary>The function <c>derivation</c>, which gives what <c>derivationStrict</c> makes the shape that users see.</summary>
internal static class DerivationFunction
{
    public const string Text = """
        attributes@{ outputs ? [ "out" ], ... }:
        let
          made = derivationStrict attributes;
          shared = attributes // builtins.listToAttrs all // { all = map (output: output.value) all; drvAttrs = attributes; };
          all = map (name: {
            inherit name;
            value = shared // {
              outPath = builtins.getAttr name made;
              drvPath = made.drvPath;
              type = "derivation";
              outputName = name;
            };
          }) outputs;
        in
        (builtins.head all).value
        """;
}
