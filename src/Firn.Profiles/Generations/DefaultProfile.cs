using Firn.Platform.Files;
using Firn.Platform.Linux;

namespace Firn.Profiles.Generations;

/// <summary>Finds the profile that commands work on when none is named, and makes its links where they lack.</summary>
public static class DefaultProfile
{
    /// <summary>Returns the path of the profile.</summary>
    public static string Find(ProfileLocations locations)
    {
        var link = locations.ProfileLink;
        try
        {
            EnsureProfilesDirectory(locations);
            if (!PathStatus.Exists(link))
            {
                FilePath.CreateDirectories(Path.GetDirectoryName(link)!);
                SymbolicLink.Replace(link, locations.UserProfile);
            }

            if (locations.IsRoot && !PathStatus.Exists(locations.GlobalProfileLink))
            {
                SymbolicLink.Replace(locations.GlobalProfileLink, locations.UserProfile);
            }

            return Path.GetFullPath(SymbolicLink.Read(link), Path.GetDirectoryName(link)!);
        }
        catch (SystemCallException)
        {
            // A home that cannot be written to, or a profile that is no link: then the link itself is all there is.
            return link;
        }
    }

    /// <summary>Returns the directory of the user's profiles, made where it lacks.</summary>
    public static string EnsureProfilesDirectory(ProfileLocations locations)
    {
        FilePath.CreateDirectories(locations.ProfilesDirectory);
        return locations.ProfilesDirectory;
    }
}
