namespace Firn.Model.StorePaths;

/// <summary>How outputs of a derivation name their store paths.</summary>
public static class OutputName
{
    /// <summary>The output that needs no naming.</summary>
    public const string Default = "out";

    /// <summary>Returns the name part of an output's store path: the derivation's for <c>out</c>, <c>name-output</c> else.</summary>
    public static string PathName(string derivationName, string output) =>
        output == Default ? derivationName : $"{derivationName}-{output}";
}
