using System.Runtime.CompilerServices;
using Firn.Evaluation;
using Firn.Model.Hashing;
using Firn.Platform.Files;

namespace Firn.Sessions.ResultCache;

/// <summary>Tells one build of the program from another: one just built anew answers anew.</summary>
internal static class ProgramIdentity
{
    /// <summary>Describes the file that runs and, where a runtime loads them, the libraries.</summary>
    public static string Find()
    {
        var path = Environment.ProcessPath ?? "";
        var status = PathStatus.FindTarget(path);
        var file = status is null ? path : $"{path} {FileSignature.Of(status, DateTimeOffset.UnixEpoch.AddYears(200))}";
        return RuntimeFeature.IsDynamicCodeSupported ? $"{file} {Libraries()}" : file;
    }

    private static string Libraries() => string.Join(' ', new[]
    {
        typeof(Question), typeof(Evaluator), typeof(Syntax.Parsing.Parser), typeof(Hash), typeof(Fetching.Fetcher), typeof(Archive.PathFilter),
        typeof(Store.StoreException), typeof(Store.Local.LocalStore), typeof(PathStatus),
    }.Select(type => type.Module.ModuleVersionId));
}
