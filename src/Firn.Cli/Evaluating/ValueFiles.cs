using Firn.Evaluation;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;

namespace Firn.Cli.Evaluating;

/// <summary>Writes a value to the disk: a string as a file, a set as a directory.</summary>
internal static class ValueFiles
{
    /// <exception cref="FirnException">Something stands there already, or the value is neither.</exception>
    public static void Write(Evaluator eval, Value value, string path)
    {
        if (Path.Exists(path))
        {
            throw new CommandException($"path '{path}' already exists");
        }

        switch (eval.Force(value))
        {
            case { AsString: { } text }:
                File.WriteAllBytes(path, text.Bytes);
                break;
            case { AsSet: { } set }:
                Directory.CreateDirectory(path);
                foreach (var (name, item, _) in set.ByName(eval.Symbols))
                {
                    var file = name.ToString();
                    if (file is "" or "." or ".." || file.Contains('/'))
                    {
                        throw new CommandException($"invalid file name '{file}'");
                    }

                    Write(eval, item, Path.Combine(path, file));
                }

                break;
            default:
                throw new CommandException($"value at '{path}' is not a string or an attribute set");
        }
    }
}
