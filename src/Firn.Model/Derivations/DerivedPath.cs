using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;

namespace Firn.Model.Derivations;

/// <summary>What can be asked of a store: an object, or outputs of a derivation that may first have to be built.</summary>
public abstract record DerivedPath
{
    private DerivedPath() { }

    /// <summary>The object that the request starts from.</summary>
    public abstract StorePath BasePath { get; }

    /// <summary>An object as it is.</summary>
    public sealed record Opaque(StorePath Path) : DerivedPath
    {
        public override StorePath BasePath => Path;
    }

    /// <summary>Outputs of a derivation.</summary>
    public sealed record Built(SingleDerivedPath Derivation, OutputsSpec Outputs) : DerivedPath
    {
        public override StorePath BasePath => Derivation.BasePath;
    }

    /// <summary>Asks for outputs of a derivation that is an object.</summary>
    public static DerivedPath Of(StorePath derivation, OutputsSpec outputs) => new Built(new SingleDerivedPath.Opaque(derivation), outputs);

    /// <summary>Reads <c>/nix/store/…</c> or <c>/nix/store/….drv^out,dev</c>; older files have <c>!</c> for <c>^</c>.</summary>
    /// <exception cref="InvalidFormatException">It is neither.</exception>
    public static DerivedPath Parse(string text, StoreDirectory directory, char separator = '^')
    {
        var mark = text.LastIndexOf(separator);
        return mark < 0
            ? new Opaque(directory.Parse(text))
            : new Built(SingleDerivedPath.Parse(text[..mark], directory, separator), OutputsSpec.Parse(text[(mark + 1)..]));
    }

    /// <summary>Writes what <see cref="Parse"/> reads.</summary>
    public string ToString(StoreDirectory directory, char separator = '^') => this switch
    {
        Built built => $"{built.Derivation.ToString(directory, separator)}{separator}{built.Outputs}",
        _ => directory.Absolute(BasePath),
    };
}

/// <summary>One object, or one output of a derivation, which may itself be such an output.</summary>
public abstract record SingleDerivedPath
{
    private SingleDerivedPath() { }

    /// <summary>The object that the request starts from.</summary>
    public abstract StorePath BasePath { get; }

    /// <summary>An object as it is.</summary>
    public sealed record Opaque(StorePath Path) : SingleDerivedPath
    {
        public override StorePath BasePath => Path;
    }

    /// <summary>An output of a derivation.</summary>
    public sealed record Built(SingleDerivedPath Derivation, string Output) : SingleDerivedPath
    {
        public override StorePath BasePath => Derivation.BasePath;
    }

    /// <summary>Reads <c>/nix/store/…</c> or <c>/nix/store/….drv^out</c>.</summary>
    /// <exception cref="InvalidFormatException">It is neither.</exception>
    public static SingleDerivedPath Parse(string text, StoreDirectory directory, char separator = '^')
    {
        var mark = text.LastIndexOf(separator);
        return mark < 0
            ? new Opaque(directory.Parse(text))
            : new Built(Parse(text[..mark], directory, separator), text[(mark + 1)..]);
    }

    /// <summary>Asks for this as one asks for several.</summary>
    public DerivedPath ToDerivedPath() => this switch
    {
        Built built => new DerivedPath.Built(built.Derivation, OutputsSpec.Of(built.Output)),
        _ => new DerivedPath.Opaque(BasePath),
    };

    /// <summary>Writes what <see cref="Parse"/> reads.</summary>
    public string ToString(StoreDirectory directory, char separator = '^') => this switch
    {
        Built built => $"{built.Derivation.ToString(directory, separator)}{separator}{built.Output}",
        _ => directory.Absolute(BasePath),
    };
}
