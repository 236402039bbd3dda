using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Data Protection keys live in the database, encrypted like every document, so that all copies share them.
/// The framework reads them once a day: of copies that find at the same moment that a key is missing, one makes it and all use it.
/// With a key each, they would not know each other's cookies.</summary>
public sealed class DataProtectionKeys(IServiceScopeFactory scopes) : IXmlRepository
{
    private int _seen;

    public IReadOnlyCollection<XElement> GetAllElements() => With(async (session, database) =>
    {
        // Without one that is damaged its cookies are lost, and nothing else.
        var (keys, unreadable) = await session.ListReadableAsync<Key>(database);
        _seen = keys.Count + unreadable.Count;
        return keys.Select(key => XElement.Parse(key.Xml)).ToList();
    });

    /// <summary>Stores a key as the next after those that were read. Where another copy has done so, that one counts: the framework reads
    /// all of them again before it uses any.</summary>
    public void StoreElement(XElement element, string friendlyName) => With(async (session, _) =>
    {
        session.Store(new Key($"{_seen}", element.ToString(SaveOptions.DisableFormatting)));
        try
        {
            await session.SaveChangesAsync();
        }
        catch (ConcurrencyException)
        {
        }
        return true;
    });

    // The interface is synchronous; it is called a few times in a process's life.
    private T With<T>(Func<IDocumentSession, IDatabase, Task<T>> work)
    {
        using var scope = scopes.CreateScope();
        return Task.Run(() => work(scope.ServiceProvider.GetRequiredService<IDocumentSession>(), scope.ServiceProvider.GetRequiredService<IDatabase>())).GetAwaiter().GetResult();
    }

    public sealed record Key(string Id, string Xml) : IDocument;
}
