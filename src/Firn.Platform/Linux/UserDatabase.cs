using System.Globalization;

namespace Firn.Platform.Linux;

/// <summary>Looks up users and groups in the files of <c>/etc</c>.</summary>
public static class UserDatabase
{
    /// <summary>Returns the number of a group, or null when there is none of that name.</summary>
    public static uint? FindGroup(string name)
    {
        try
        {
            foreach (var line in System.IO.File.ReadLines("/etc/group"))
            {
                var fields = line.Split(':');
                if (fields.Length >= 3 && fields[0] == name && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                {
                    return id;
                }
            }
        }
        catch (IOException)
        {
            // No file, no groups.
        }

        return null;
    }
}
