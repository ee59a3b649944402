using Firn.Fetching.Inputs;

namespace Firn.Sessions.Ports;

/// <summary>Inputs as evaluation has them: strings, longs and booleans by name.</summary>
internal static class InputObjects
{
    public static InputAttributes Read(IEnumerable<KeyValuePair<string, object>> objects)
    {
        var input = InputAttributes.Empty;
        foreach (var (name, value) in objects)
        {
            input = value switch
            {
                bool flag => input.With(name, flag),
                long number => input.With(name, (ulong)number),
                _ => input.With(name, (string)value),
            };
        }

        return input;
    }

    public static Dictionary<string, object> From(InputAttributes attributes) => attributes.Values.ToDictionary(
        v => v.Key,
        v => v.Value switch
        {
            InputValue.Integer integer => (long)integer.Value,
            InputValue.Flag flag => flag.Value,
            InputValue.Text text => (object)text.Value,
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        StringComparer.Ordinal);
}
