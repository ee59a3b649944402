using Firn.Cli.Explaining;
using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>firn explain</c>: says what a kind of error means, with a wrong and a right example.</summary>
internal sealed class ExplainCommand : Command
{
    private readonly List<string> _codes = [];

    public override string Summary => "say what an error code means";

    public override string Examples => """
        # What does the code mean that an error showed?
        $ firn explain eval/wrong-type
        # Which codes are there?
        $ firn explain
        """;

    public override void Declare(Grammar grammar) => grammar.Rest("codes", _codes.Add);

    public override int Run(Session session, Output output)
    {
        var all = Explanation.All();
        if (_codes.Count == 0)
        {
            foreach (var explanation in all)
            {
                output.Line($"{explanation.Code,-34} {explanation.Meaning}");
            }
        }

        foreach (var code in _codes)
        {
            var explanation = all.FirstOrDefault(e => e.Code == code) ?? throw new UsageException(
                $"there is no explanation of '{code}'. {Suggestions.Hint(code, all.Select(e => e.Code)) ?? "`firn explain` lists the codes."}");
            output.Line($"{explanation.Code}\n\n{explanation.Meaning}\n");
            output.Line($"Wrong:\n\n    {explanation.Wrong.Replace("\n", "\n    ")}\n\nRight:\n\n    {explanation.Right.Replace("\n", "\n    ")}\n");
            output.Line($"How it comes about: {explanation.Cause}");
        }

        return 0;
    }
}
