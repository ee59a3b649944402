using Firn.Evaluation.Host;
using Firn.Fetching.Inputs;
using Firn.Flakes.References;

namespace Firn.Sessions.Ports;

/// <summary>References to flakes, for evaluation.</summary>
internal sealed class FlakeReferences(InputForms forms) : IFlakeReferences
{
    public IReadOnlyDictionary<string, object> Parse(string text) =>
        InputObjects.From(FlakeReference.Parse(text, forms).ToAttributes());

    public string Print(IReadOnlyDictionary<string, object> attributes) =>
        FlakeReference.FromAttributes(InputObjects.Read(attributes), forms).ToText(forms);
}
