using Firn.Syntax.Text;

namespace Firn.Evaluation.Builtins;

/// <summary>Which attributes of a derivation mean something to the language; the others are variables and nothing else.</summary>
internal sealed class DerivationAttributes
{
    // By the symbols' numbers, which are small: they are among the first names that an evaluation sees.
    private readonly AttributeRole[] _roles;

    public DerivationAttributes(SymbolTable symbols)
    {
        (string Name, AttributeRole Role)[] all =
        [
            ("__contentAddressed", AttributeRole.ContentAddressed), ("__ignoreNulls", AttributeRole.IgnoreNulls),
            ("__impure", AttributeRole.Impure), ("__json", AttributeRole.Json), ("__structuredAttrs", AttributeRole.StructuredAttributes),
            ("args", AttributeRole.Arguments), ("builder", AttributeRole.Builder), ("outputHash", AttributeRole.OutputHash),
            ("outputHashAlgo", AttributeRole.OutputHashAlgorithm), ("outputHashMode", AttributeRole.OutputHashMode),
            ("outputs", AttributeRole.Outputs), ("system", AttributeRole.System),
            ("allowedReferences", AttributeRole.ShadowedCheck), ("allowedRequisites", AttributeRole.ShadowedCheck),
            ("disallowedReferences", AttributeRole.ShadowedCheck), ("disallowedRequisites", AttributeRole.ShadowedCheck),
            ("maxClosureSize", AttributeRole.ShadowedCheck), ("maxSize", AttributeRole.ShadowedCheck),
        ];
        var known = Array.ConvertAll(all, a => (symbols.Intern(a.Name).Id, a.Role));
        _roles = new AttributeRole[known.Max(k => k.Id) + 1];
        foreach (var (id, role) in known)
        {
            _roles[id] = role;
        }
    }

    public AttributeRole RoleOf(Symbol name) => name.Id < _roles.Length ? _roles[name.Id] : AttributeRole.None;
}

/// <summary>What an attribute of a derivation means to the language.</summary>
internal enum AttributeRole : byte
{
    None,
    Arguments,
    Builder,
    ContentAddressed,
    IgnoreNulls,
    Impure,
    Json,
    OutputHash,
    OutputHashAlgorithm,
    OutputHashMode,
    Outputs,

    /// <summary>A check that has no effect with structured attributes.</summary>
    ShadowedCheck,
    StructuredAttributes,
    System,
}
