using Firn.Cli.Parsing;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary>A command: its options are its fields, filled while the command line is read; then it runs.</summary>
internal abstract class Command
{
    /// <summary>What it does, in a few words that follow its name.</summary>
    public abstract string Summary { get; }

    /// <summary>Examples, each a comment line and a command line, for the help.</summary>
    public virtual string Examples => "";

    /// <summary>What the help says beyond summary and options.</summary>
    public virtual string Details => "";

    /// <summary>Adds its options and arguments.</summary>
    public abstract void Declare(Grammar grammar);

    /// <summary>Sets settings that the command line may still change, such as pure evaluation.</summary>
    public virtual void SetDefaults(CommonOptions options) { }

    /// <summary>Does it.</summary>
    /// <returns>The exit status.</returns>
    public abstract int Run(Session session, Output output);
}
