using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Data Protection keys live in the database, encrypted like every document, so that all copies share them.</summary>
public sealed class DataProtectionKeys(IServiceScopeFactory scopes) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => With(async session =>
        (await session.ListAsync<Key>()).Select(key => XElement.Parse(key.Xml)).ToList());

    public void StoreElement(XElement element, string friendlyName) => With(async session =>
    {
        session.Store(new Key(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
        await session.SaveChangesAsync();
        return true;
    });

    // The interface is synchronous; it is called a few times in a process's life.
    private T With<T>(Func<IDocumentSession, Task<T>> work)
    {
        using var scope = scopes.CreateScope();
        return Task.Run(() => work(scope.ServiceProvider.GetRequiredService<IDocumentSession>())).GetAwaiter().GetResult();
    }

    public sealed record Key(string Id, string Xml) : IDocument;
}
