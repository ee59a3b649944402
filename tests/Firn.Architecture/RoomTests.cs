using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Firn.Architecture;

/// <summary>Holds the plan of the house: which room may use which.</summary>
public sealed class RoomTests
{
    private static readonly string _root = FindRoot();

    [Fact]
    public void Each_room_uses_only_the_rooms_that_the_plan_allows()
    {
        var plan = File.ReadLines(Path.Combine(_root, "tests/Firn.Architecture/Rooms.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(':'))
            .ToDictionary(parts => parts[0], parts => parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var built = Directory.EnumerateFiles(Path.Combine(_root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), References);

        Assert.Equal(plan.Keys.Order(StringComparer.Ordinal), built.Keys.Order(StringComparer.Ordinal));
        Assert.All(built, room => Assert.Empty(room.Value.Except(plan[room.Key])));
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

    private static string FindRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}
